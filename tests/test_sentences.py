"""Labelled sentences: whose voice they speak in, what they need around them, and which are sentences at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.sentences import addresses_reader, is_whole, leans, points_elsewhere, speaks_for_authors

OWN_VOICE = {
    "es": """
        En este estudio, investiguamos el potencial de los datos sintéticos en este campo.
        Utilizamos los datos sintéticos como conjunto de prueba para reducir el sobreajuste.
        Encontramos diferencias significativas entre los dos grupos de edad.
        Mostramos que el modelo aprende antes la clase mayoritaria.
        Logramos una precisión del 93 % con la mitad de los datos.
        Consideramos que los datos sintéticos son una herramienta muy útil.
        Comparamos tres generadores con registros reales de cáncer.
        Analizábamos entonces las historias de cuatro hospitales.
        Hemos medido el riesgo de reidentificación en tres registros.
        Necesitaremos pruebas más largas antes del uso clínico.
        Presentamos el caso de un varón de 24 años con fiebre.
        Fijémonos ahora en el riesgo de reidentificación de los pacientes.
        Nuestros resultados indican que la privacidad no está garantizada.
        Esto nos permite estimar el sesgo del registro.
        Este informe aborda los desafíos de la privacidad que aún persisten.
        El presente trabajo revisa los métodos de generación de datos.
        La presente Ley tiene por objeto proteger los datos personales.
        Esta revisión resume catorce estudios clínicos publicados.
        El análisis de este artículo se limita a los hospitales públicos.
        Los autores de este estudio advierten de los límites del método.
        En mi opinión, la anonimización absoluta es imposible.
        Como no sabía la respuesta, usé el segundo método.
        Intentaré resumir el procedimiento en términos sencillos.
        Creo que las leyes llegarán tarde a los hospitales.
        El tutorial puede completarse en un par de horas de trabajo.
    """,
    "en": """
        We evaluate three classes of generators on cancer registry data.
        Here we show that synthetic records leak membership.
        In this paper, three generators are compared on registry data.
        The present study examines the utility of synthetic cohorts.
        Our results suggest that privacy is not guaranteed.
        The current review summarises fourteen clinical trials.
        This report explains what synthetic data are and how they are made.
        To our knowledge, no trial has used synthetic controls alone.
        These findings allow us to estimate the bias of the registry.
        I argue that anonymity is never absolute in practice.
        In my view, regulation will arrive too late for hospitals.
        Although I cannot prove it, the effect seems robust.
        We therefore propose to judge generators by the models they train.
        This lesson teaches how to clean tables with free software.
        The purpose of this work is to describe the metrics.
        The authors of this article declare that they were funded publicly.
        This Regulation lays down rules on the protection of natural persons.
        The network was trained by ourselves on two graphics cards.
    """,
}
NOT_OWN_VOICE = {
    "es": """
        Los autores concluyen que la privacidad no está garantizada.
        Los últimos avances han cambiado el diagnóstico por imagen.
        Los próximos ensayos medirán los efectos máximos y mínimos.
        La dosis fue de 250 miligramos cada ocho horas.
        Los tramos de edad extremos reúnen pocos pacientes.
        Los algoritmos óptimos dependen de los datos disponibles.
        El doctor Ramos dirige el registro nacional de tumores.
        Los préstamos de material se anotan en el registro.
        Los términos legítimos de acceso constan en la ley.
        El hipotálamo y los tálamos aparecen respetados en la imagen.
        «Hemos perdido el control», dijo el portavoz del hospital.
        La ministra afirmó: “nuestros datos están protegidos por la ley”.
        El comité aprobó la norma para proteger los datos de salud.
        Un informe de 2023 recuerda que persisten desafíos de privacidad.
        El café reduce el riesgo de padecer la enfermedad.
        La evaluación debería declarar qué parte de los datos es sintética.
        El presente año ha traído dos leyes sobre datos de salud.
        Los organismos públicos publican registros anónimos cada trimestre.
        Los datos del ensayo no dicen por qué falló el modelo.
        La Ley Orgánica 3/2018 adapta el ordenamiento español al reglamento.
        Los ritmos cardíacos anómalos son infrecuentes en la muestra.
        El paciente dejó de tomar el fármaco a los seis meses.
    """,
    "en": """
        The authors conclude that privacy is not guaranteed.
        Hospitals in the US share records under a federal rule.
        Phase I trials enrol few participants and test safety.
        Type I interferons limit the spreading of the virus.
        During World War I, influenza killed more than the fighting.
        Patients with class I disease were excluded from the trial.
        “We lost control of our data,” the spokesman of the hospital said.
        Synthetic data are becoming more important every year.
        A 2023 report recalls that challenges of privacy persist.
        The study by Chen examines synthetic images of the lung.
        Researchers use such data where real records are scarce.
        The agency called for more tests in western provinces.
        Weighted estimates were used for the smaller hospitals.
        Angiotensin I, a peptide, is converted in the lungs.
        The hour of admission was recorded for every patient.
        Ministers discussed the act at length in the chamber.
    """,
}
LEANS = {
    "es": """
        Sin embargo, su eficacia en el sector de la salud sigue siendo incierta.
        Además, la norma exige una evaluación de impacto previa.
        Por ejemplo, un hospital puede compartir tablas sintéticas.
        Por otro lado, los pacientes curados pueden dar positivo.
        Así, el léxico cuenta con catorce mil unigramas.
        En donde se discrimina el valor de error de cada punto y la media de todos.
        Por las cuales responde el hospital que guarda las historias clínicas.
        En segundo lugar, la ley protege los datos genéticos.
        En conclusión, los datos sintéticos son útiles y arriesgados.
        Este método reduce el sobreajuste de los modelos pequeños.
        Estas técnicas permiten falsificar imágenes médicas realistas.
        Esto obliga a medir el riesgo antes de publicar.
        Dicha norma entró en vigor el 25 de mayo de 2018.
        Ello exige un control independiente de los generadores.
        Su uso se ha extendido a la docencia clínica.
        En sus pautas recomiendan diez días de tratamiento.
        La evaluación de estos modelos exige datos independientes.
        En este caso, el riesgo aumenta con la edad.
        Según dicho informe, la privacidad no está garantizada.
        Explora la generación de datos sintéticos, abarcando métodos tradicionales.
        Se basa en una red de dos modelos que compiten.
        Se utiliza para ampliar conjuntos de entrenamiento pequeños.
        Presenta síndrome constitucional, con pérdida de tres kilos.
        Ha atraído mucha atención desde que se publicó el código.
        Desarrolló un choque séptico y falleció a los dos días.
        Es una técnica de aprendizaje con dos redes enfrentadas.
        Permite compartir tablas sin permiso de cada paciente.
        Dijeron que el acuerdo no estaba firmado todavía.
        Otra posibilidad es ampliar la muestra con registros vecinos.
        La segunda fase del ensayo incluyó a mil voluntarios.
        El primero provee acceso programático al archivo.
        Un mes después la paciente se había recuperado por completo.
        La paciente fue remitida al servicio de oncología.
        A los dos días el paciente presentó fiebre y tos.
        En la mayoría de los casos, sin embargo, el nombre se asigna después.
        Aunque es una tarea costosa, los hospitales la hacen cada año.
        Aquí la palabra significa un conjunto de tablas enlazadas.
        Para mejorarlo, los técnicos añadieron ruido a las tablas.
        A pesar de ello, el riesgo de fuga sigue siendo bajo.
        En otro estudio, la mitad de los pacientes mejoró.
        Del mismo modo, las imágenes sintéticas ayudan a enseñar.
        Posteriormente se colocó una nefrostomía bilateral de urgencia.
        Bueno, la situación cambia rápidamente en cada país.
    """,
    "en": """
        However, its effect on care remains uncertain.
        In which the error of each point is told from the mean of all.
        Moreover, the rule asks for an impact assessment.
        For example, a hospital can share synthetic tables.
        In contrast, the older model kept rare classes.
        Therefore, the risk must be measured before release.
        This method reduces the overfitting of small models.
        These techniques allow realistic images to be forged.
        It is used to enlarge small training sets.
        It has attracted attention since the code was published.
        They do not link to web pages of the archive.
        Its use has spread to clinical teaching.
        Such data are shared under a licence.
        The former is faster, and the gap grows with size.
        The second approach needs fewer labels from experts.
        A second strategy, subunit vaccines, aims at certain parts.
        Another option is to enlarge the sample with neighbours.
        Other areas are included in the list from time to time.
        First, a caution about the sources is in order.
        In conclusion, synthetic data are useful and risky.
        In this case, the risk grows with age.
        The evaluation of these models asks for independent data.
        According to its press release, the league suspended play.
        When they are combined, the two sets train better models.
        In the first weeks, it spread to all the provinces.
        Although it is costly, hospitals do the work every year.
        Both were trained on the same registry for ten days.
        But a common practice is to split the data repeatedly.
        Thus, the method can be a good first step.
        The patient was discharged after six days of treatment.
        Text reuse, however, can be defined in other ways.
        Earlier that week, the newspaper reported an offer.
        Afterwards, the samples were stored at low temperature.
        There, the samples were stored at low temperature.
        Here the word stands for a set of linked tables.
        Instead, the agency asked for a new trial.
        In other words, parties use committees as tools.
        To do this, the team added noise to the tables.
        That is especially true for parents with little time.
        Meanwhile, the epidemic spread to the neighbouring cities.
        In another study, half of the patients improved.
    """,
}
STANDS = {
    "es": """
        Este informe aborda los desafíos de la privacidad que aún persisten.
        El modelo aprende la distribución conjunta de las variables.
        Entre los pacientes mayores, el error del modelo aumenta.
        Actualmente el registro reúne dos millones de historias.
        Es necesario medir el riesgo antes de publicar una tabla.
        Es muy importante que las autoridades adapten los plazos.
        Son frecuentes los sesgos contra los grupos pequeños.
        Existe una relación entre el tamaño y el riesgo de fuga.
        Se ha demostrado que el modelo memoriza casos raros.
        Se estima que la mitad de los hospitales comparte datos.
        Se necesitan pruebas más largas antes del uso clínico.
        Los datos sintéticos se están volviendo cada vez más importantes.
        Hay evidencia de que los modelos colapsan sin datos reales.
        No hay medicamentos aprobados para tratar la enfermedad.
        Además de la privacidad, preocupa el sesgo de los modelos.
        Después de la cirugía, el riesgo de infección aumenta.
        Así como la ley protege al paciente, el comité protege al centro.
        Una de las ideas más poderosas es tratar el código como datos.
        La primera vez que se usó el método fue en 1993.
        El reglamento del este de Europa es más estricto.
        Esta semana la agencia aprobó dos vacunas nuevas.
        Aunque es posible anonimizar, el riesgo nunca desaparece.
        Mientras que los datos sintéticos amplían la muestra, también sirven de prueba.
        Los pacientes que dejaron el ensayo eran mayores que el resto.
        El paciente debe ser informado de los riesgos del ensayo.
        Para mejorar la inmunidad, se han recomendado dietas variadas.
        Desde los años noventa, la estadística oficial usa imputación.
        Como consecuencia de la pandemia, cerraron las escuelas.
        Tal como prevé la ley, el comité revisa cada proyecto.
        Luego de la reforma, los plazos se acortaron a un mes.
        Rubin propuso en 1993 publicar conjuntos enteramente sintéticos.
        Muchas embajadas han evacuado al personal no esencial.
        Toda la información se cifra antes de salir del hospital.
        Gracias a las donaciones, el ensayo reunió a mil personas.
        Según la agencia, la mitad de los casos son leves.
        La última década ha multiplicado los registros clínicos.
        Sin datos reales los modelos colapsan en pocas generaciones.
        Europa regula la inteligencia artificial desde 2024.
        Falta una norma común para los registros de salud.
        Cabe la posibilidad de reidentificar a personas concretas.
    """,
    "en": """
        This report explains what synthetic data are.
        The model learns the joint distribution of the variables.
        There is evidence that models collapse without real data.
        There has been a worldwide rise in registered cases.
        It is important that the authorities adapt the terms.
        It is difficult to produce specific antibodies rapidly.
        It has been shown that the model memorises rare cases.
        It is well known that small samples mislead.
        In Germany, it is estimated that half the hospitals share data.
        Both the agency and the ministry approved the rule.
        Such as they are, the figures come from one hospital.
        In contrast to real records, synthetic ones can be shared.
        In addition to privacy, bias worries the hospitals.
        Instead of real records, the team shared synthetic ones.
        So far, no vaccine has been approved for children.
        Those who left the trial were older than the rest.
        While not all infected people develop antibodies, many do.
        Among older patients, the error of the model grows.
        Since 2018, hospitals have needed consent for such transfers.
        As a result of the pandemic, schools were closed.
        Because CA shows relations as distances, it reveals patterns.
        Although several countries use the drug, it has not been approved.
        According to the agency, half of the cases are mild.
        On 17 March 2020, the company announced a partnership.
        Synthetic data can be shared where real records cannot.
        Some patients experienced dyspnea one week after the onset.
        This week the agency approved two new vaccines.
        This study enrolled fourteen hospitals in three countries.
        Historians have long used maps to explain migration.
        Schools are hubs of social activity and human interaction.
        A vaccine is sold under two names in Europe.
        Much of the functionality works with other languages.
        Research has shown that illnesses affect men and women differently.
        No medications or vaccine is approved to treat the disease.
        Here we show that synthetic records leak membership.
        By 20 March, over 70% of learners were impacted by closures.
        Patients should be told about the risks of the trial.
        Even plasma from recovered patients was proposed for treatment.
        Privacy and utility pull in opposite directions.
        Regulators in Europe and America disagree on anonymity.
    """,
}
POINTS = """
    La Figura 2 muestra el error de los tres modelos.
    Como muestra la figura 2, el error disminuye con la edad.
    Los resultados (Tabla 1) no dependen del hospital.
    Los valores de la Tabla IV proceden de dos registros.
    El riesgo es menor en los jóvenes (ver más abajo).
    La definición (véase el anexo) excluye los datos anónimos.
    En la sección anterior se describen los tres generadores.
    El siguiente gráfico resume los errores por grupo de edad.
    Los detalles del modelo se dan en el apéndice.
    A continuación se describen los tres generadores empleados.
    La sección 3 describe los métodos de cada hospital.
    Los métodos antes mencionados exigen datos reales.
    El comité, como se revisó anteriormente, sustituyó el mandato.
    Este gráfico indica que los puntos distantes pesan más.
    El código anterior calcula la media de cada columna.
    La cifra fue de 122 casos (figura) en todo el país.
    Figure 3 shows the error of the three models.
    The error falls with age, as shown in Fig. 2.
    See Table 1 for the characteristics of the patients.
    The results (see Methods) do not depend on the hospital.
    The generators are described in the next section.
    The example above gives the mean of each column.
    Section 4.2 describes the hospitals that took part.
    The details of the model are given in the Appendix.
    The methods mentioned above need real records.
    The rules of the trial are as follows for all.
    Several generators have been proposed for tables [12, 13].
    Synthetic tables leak membership in some cases [4–7].
    The abovementioned hospitals share their registries.
    Supplementary Table 3 lists the hospitals that took part.
""".strip().splitlines()
POINTS_NOWHERE = """
    El artículo 10, apartado 5, del Reglamento permite tratar datos sensibles.
    El apartado 2 del artículo 9 prohíbe tratar datos de salud.
    Los sistemas del anexo III son de alto riesgo en Europa.
    El cuadro clínico mejoró con el tratamiento antibiótico.
    Las imágenes de periódicos proceden de dos bibliotecas.
    La figura del encargado del tratamiento nace con la ley.
    La sección de oncología atiende a mil pacientes al año.
    Temperatures above 38 degrees were recorded in twelve patients.
    The score rose from below 0.5 to 0.8 in two years.
    Images of newspapers come from two national libraries.
    Patients see the benefits of the trial after a year.
    Section 230 of the Act protects the platforms from claims.
    A table of synthetic records can be shared at once.
    The agency (FDA) approved the vaccine in December 2020.
""".strip().splitlines()
ADDRESSES = {
    "es": """
        Explica cómo se generan los registros con un ejemplo.
        Puedes ejecutar el programa desde la línea de comandos.
        Debes tener cuidado con las inconsistencias del material.
        Si estás familiarizado con el formato, será muy fácil.
        En tu directorio de trabajo está el archivo final.
        Ahora verás los resultados en la pantalla principal.
        Escribe el nombre del archivo en la línea de comandos.
        Primero, navega a la ubicación del punto de control.
        Al toser o estornudar, cúbrase con la parte interna del codo.
        Intente no tocar las superficies de los lugares públicos.
        Observa que el incremento de tiempo se ajusta solo.
        Haz clic en el botón de la barra de herramientas.
        Consulte con su médico antes de viajar al extranjero.
        Una vez instalado, abre el archivo con el editor.
        Asegúrate de cambiar la ruta del archivo de texto.
        El sistema pide la contraseña que usted eligió antes.
    """,
    "en": """
        Explain how recursion works with an example.
        You can run the notebooks in different ways.
        Your file is now stored in the new folder.
        Click on the tab at the top of the window.
        Select the most common words in the larger corpus.
        Note that the lowest coefficients stand at the bottom.
        For each of the features, calculate a score of distance.
        Let's start with the reconciliation of the names.
        Avoid crowded areas without much air circulation.
        Open the file in the editor and examine the tags.
        Once the program is installed, open the file in it.
        Don't touch the surfaces of public places.
        To do so, click on the menu at the top.
        Be prepared for the possibility of disruption.
        Make sure the file is saved in the same directory.
        Restart the program after the first run of the test.
        Count the number of marks in every message.
        It helps if you already know how the format works.
    """,
}
ADDRESSES_NOBODY = {
    "es": """
        Los usuarios pueden ejecutar el programa sin conexión.
        La tasa de contagio cayó detrás de las murallas.
        Las categorías mayores reúnen a los pacientes jóvenes.
        El programa abre el archivo y calcula la media.
        El contraste de los grupos muestra diferencias claras.
        La consulta de los registros exige un permiso previo.
        El límite de velocidad del trámite es de un mes.
        Nota aparte merecen los datos genéticos de los menores.
        Los jueces piden más pruebas de las agencias.
        La norma obliga a informar, consultar y reparar.
    """,
    "en": """
        Users can run the program without a connection.
        Open data are published by most ministries.
        Type 2 diabetes is common among older patients.
        Use of masks was recommended by the agency.
        Contact tracing reduced the number of new cases.
        Select committees review the bills of both chambers.
        Set theory underlies the relational model of data.
        Young patients recover within a week of treatment.
        If the test is positive, the patient is isolated.
        Following the reform, the terms were shortened.
        Only the strongest signals of the sample were preserved.
        Despite the risk, the agency approved the vaccine.
        Changes in the rule were approved in March.
    """,
}
WHOLE = {
    "es": """
        Los datos sintéticos se están volviendo cada vez más importantes.
        El riesgo de fuga fue del 3,5 % (IC del 95 %: 2,1-4,9).
        La OMS recomienda a los voluntarios participar en ensayos.
        «La privacidad no está garantizada», concluye el informe de 2023.
        El riesgo era bajo (p < 0,05) en los tres hospitales.
        En abril, cinco vacunas estaban en estudios de fase I.
        La analítica completa y la serología fueron normales.
        120 pacientes participaron en el ensayo de tres hospitales.
        Los LLMs transforman la medicina, pero dos desafíos persisten: la verdad y la prueba.
        El diagnóstico definitivo fue de tumor fibroso solitario.
        Rubin propuso en 1993 publicar conjuntos enteramente sintéticos.
        Sin embargo, su eficacia en la salud sigue siendo incierta.
        Pérez et al. demostraron que el modelo memoriza casos raros.
        Los EE. UU. aprobaron la norma en marzo de 2020.
        Según la agencia, el "consentimiento" no basta por sí solo.
        Los conflictos de intereses preocupan a las agencias europeas.
    """,
    "en": """
        Synthetic data are becoming more important every year.
        The risk of leakage was 3.5% (95% CI: 2.1–4.9).
        The risk was low (p < 0.05) in all three hospitals.
        “Privacy is not guaranteed”, the report of 2023 concludes.
        As of 29 March, nearly 90% of learners were impacted.
        Smith et al. (2019) showed that models memorise rare cases.
        SARS-CoV-2 is closely related to the original virus.
        Privacy, utility and fairness pull in different directions.
        The trial enrolled 1,250 patients (aged 40–65) in 12 hospitals.
        On January 30, the agency declared an emergency.
        Copyright law protects the expression of ideas alone.
    """,
}
NOT_WHOLE = {
    "es": """
        Los avances recientes en los modelos de lenguaje grande han …
        La generación de datos sintéticos abarca métodos tradicionales y...
        Impacto de los datos sintéticos en la salud de los pacientes
        ¿Son los datos sintéticos una garantía de privacidad?
        ¡La privacidad de los pacientes está en juego!
        y la respuesta de los pacientes mayores fue peor.
        2. La creación y subida de conjuntos de datos abiertos.
        a) Los datos de salud de los pacientes menores de edad.
        - Los hospitales comparten tablas sintéticas sin permiso.
        • Los hospitales comparten tablas sintéticas sin permiso.
        Pérez J. et al. Rev Esp. 2019;12:3-4.
        García López M, Pérez J. Datos sintéticos en salud. Madrid, 2019.
        Datos sintéticos en salud: una revisión. Rev Clin Esp 2019;12(3):45-50.
        Nivel de dificultad: Intermedio, sin uso de línea de comandos.
        Palabras clave: privacidad, datos sintéticos, salud pública, ética.
        Publicado originalmente el 27 de junio de 2012.
        Los autores declaran no tener ningún conflicto de intereses.
        Hospital | Pacientes | Edad | Resultado | Seguimiento.
        El código está en https://example.org/datos para todos los lectores.
        La función calcula_media() devuelve un número para cada columna.
        Los hospitales (y sus comités comparten tablas sin permiso.
        Los hospitales comparten tablas) sin el permiso de los comités.
        La norma dice que «los datos son de los pacientes.
        Varón de 63 años sin antecedentes de interés.
        Mujer de 40 años que acude a urgencias por dolor abdominal.
        Ausencia de signos de infección en los tres pacientes.
        Distribución de los casos por grupo de edad y hospital.
        Web semántica Los datos enlazados unen registros de varios hospitales.
        Los resultados dependen del hospital, como muestra la fig.
        Los datos llegan tarde.
        Antes de empezar ---------------- Es necesario crear una cuenta.
        (Las mayúsculas y las minúsculas importan en la búsqueda).
    """,
    "en": """
        Recent advances in large language models have shown …
        The generation of synthetic data covers traditional methods and...
        Impact of Synthetic Data on the Health of Patients
        Are synthetic data a guarantee of privacy?
        The privacy of the patients is at stake!
        and the answer of older patients was worse.
        3) The creation and upload of linked open data sets.
        Smith, J., and Doe, A. (2019). Synthetic data in health.
        Smith JA, Doe B. Synthetic data in health care. Lancet.
        J Med Internet Res. 2019 Mar 12;21(3):e1234.
        Sprugnoli, Rachele, Sara Tonelli, Alessandro Marchetti, Giovanni Moretti.
        Keywords: privacy, synthetic data, public health, ethics of care.
        Results: Synthetic records leaked membership in three of ten cases.
        Published online in the journal on 3 March 2021.
        The authors declare that there is no conflict of interest.
        Copyright 2021 by the authors and the publishing house.
        The code is at www.example.org for all the readers.
        The function install.packages() reads the name of the package.
        The hospitals (and their boards share tables without permission.
        The rule says that “data belong to the patients.
        Write to someone@example.org for the data of the trial.
        The data come late.
    """,
}


def rows(table: dict[str, str]) -> list[tuple[str, str]]:
    """Return a table's sentences with their language."""
    return [(language, line.strip()) for language, lines in table.items() for line in lines.strip().splitlines()]


@pytest.mark.parametrize(("language", "sentence"), rows(OWN_VOICE))
def test_its_authors_speak(language: str, sentence: str) -> None:
    """First persons of any tense, and a work that names itself, speak for the authors."""
    assert speaks_for_authors(sentence, language=language)


@pytest.mark.parametrize(("language", "sentence"), rows(NOT_OWN_VOICE))
def test_its_authors_do_not_speak(language: str, sentence: str) -> None:
    """Third persons, words that look like first persons, and what is quoted speak for nobody here."""
    assert not speaks_for_authors(sentence, language=language)


@pytest.mark.parametrize(("language", "sentence"), rows(LEANS))
def test_it_leans_on_the_sentence_before(language: str, sentence: str) -> None:
    """Connectives, pronouns, demonstratives and Spanish verbs without their subject need what was said before."""
    assert leans(sentence, language=language)


@pytest.mark.parametrize(("language", "sentence"), rows(STANDS))
def test_it_stands_alone(language: str, sentence: str) -> None:
    """Impersonal verbs, existence, own works and times of the calendar need nothing before them."""
    assert not leans(sentence, language=language)


@pytest.mark.parametrize("sentence", [line.strip() for line in POINTS])
def test_it_points_elsewhere(sentence: str) -> None:
    """Figures, tables, sections and numbers of references are not in the text that would carry the sentence."""
    assert points_elsewhere(sentence)


@pytest.mark.parametrize("sentence", [line.strip() for line in POINTS_NOWHERE])
def test_it_points_nowhere(sentence: str) -> None:
    """Paragraphs of laws, clinical pictures and measures "above 38" stay what they are."""
    assert not points_elsewhere(sentence)


@pytest.mark.parametrize(("language", "sentence"), rows(ADDRESSES))
def test_it_addresses_its_reader(language: str, sentence: str) -> None:
    """Second persons and instructions are for the reader of the source."""
    assert addresses_reader(sentence, language=language)


@pytest.mark.parametrize(("language", "sentence"), rows(ADDRESSES_NOBODY))
def test_it_addresses_nobody(language: str, sentence: str) -> None:
    """Nouns that are also imperatives ("open data") address nobody."""
    assert not addresses_reader(sentence, language=language)


@pytest.mark.parametrize(("language", "sentence"), rows(WHOLE))
def test_it_is_whole(language: str, sentence: str) -> None:
    """Figures, acronyms, balanced quotations and abbreviations belong to good prose."""
    assert is_whole(sentence, language=language)


@pytest.mark.parametrize(("language", "sentence"), rows(NOT_WHOLE))
def test_it_is_not_whole(language: str, sentence: str) -> None:
    """Cut-off text, headings, list items, references, imprints, code and fragments are no statements."""
    assert not is_whole(sentence, language=language)


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=200), st.sampled_from(["es", "en", "fr", ""]))
def test_any_text_gets_an_answer(text: str, language: str) -> None:
    """No rule fails on any text, and without a table of its language nothing leans, speaks or addresses."""
    answers = [rule(text, language=language) for rule in (is_whole, speaks_for_authors, addresses_reader, leans)] + [
        points_elsewhere(text)
    ]
    assert all(isinstance(answer, bool) for answer in answers)
    if language not in {"es", "en"}:
        assert answers[1:4] == [False] * 3


@settings(deadline=None, max_examples=100)
@given(st.sampled_from([sentence for _, sentence in rows(WHOLE)]), st.sampled_from('()[]«»“”"'))
def test_an_unpaired_mark_makes_a_sentence_broken(sentence: str, mark: str) -> None:
    """A bracket or quotation mark without its partner is what a cut through the text leaves."""
    middle = sentence.index(" ") + 1
    assert not is_whole(sentence[:middle] + mark + sentence[middle:], language="es")
