"use strict";
(() => {
  const panel = document.getElementById("panel");
  const title = document.getElementById("panel-title");
  const scroll = panel.querySelector(".scroll");
  const shown = panel.querySelector(".shown");
  const citing = panel.querySelector(".citing");
  const previous = panel.querySelector(".previous");
  const next = panel.querySelector(".next");
  let current = null; // the button whose excerpt is open

  function asButton(link) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = link.className;
    button.textContent = link.textContent;
    if (link.hasAttribute("aria-label")) button.setAttribute("aria-label", link.getAttribute("aria-label"));
    button.setAttribute("aria-haspopup", "dialog");
    button.setAttribute("aria-expanded", "false");
    button.dataset.keys = link.dataset.keys;
    if (link.dataset.by) button.dataset.by = link.dataset.by;
    button.addEventListener("click", () => (current === button ? close() : open(button)));
    link.replaceWith(button);
    return button;
  }

  const buttons = Array.from(document.querySelectorAll("a.cite"), asButton);
  const groupOf = (button) => (button.classList.contains("open")
    ? Array.from(document.querySelectorAll("button.cite.open"))
    : buttons.filter((one) => !one.classList.contains("open")));

  function open(button) {
    const inside = panel.contains(document.activeElement);
    release();
    current = button;
    button.setAttribute("aria-expanded", "true");
    const group = groupOf(button);
    const place = group.indexOf(button);
    previous.disabled = place === 0;
    next.disabled = place === group.length - 1;
    fill(button, place, group.length);
    panel.hidden = false;
    document.body.classList.add("opened");
    if (!inside || document.activeElement.disabled) title.focus({ preventScroll: true });
    reveal(button);
  }

  function fill(button, place, all) {
    const by = button.dataset.by;
    const sentence = by ? document.getElementById(by) : null;
    const excerpts = button.dataset.keys.split(" ").map((key) => document.getElementById("x-" + key)).filter(Boolean);
    const number = excerpts.length ? excerpts[0].dataset.number : "";
    title.textContent = sentence
      ? panel.dataset.of.replace("{n}", place + 1).replace("{all}", all) + " · [" + number + "]"
      : panel.dataset.excerpt.replace("{n}", "[" + number + "]");
    citing.hidden = !sentence;
    if (sentence) say(sentence);
    shown.replaceChildren();
    const source = document.querySelector("#source-" + number + " .described");
    if (source) shown.append(source.cloneNode(true));
    for (const excerpt of excerpts) shown.append(...copied(excerpt, by));
    scroll.scrollTop = 0;
    const first = shown.querySelector("mark:not(.other)");
    if (first && first.offsetTop > scroll.clientHeight * 0.85) {
      scroll.scrollTop = first.offsetTop - scroll.clientHeight / 3;
    }
  }

  function say(sentence) {
    if (sentence.id) sentence.classList.add("current");
    const words = sentence.cloneNode(true);
    for (const other of words.querySelectorAll(".cite, .verdict")) other.remove();
    citing.querySelector(".cited-by").textContent = words.textContent.replace(/\s+([.,;:!?…])/g, "$1").trim();
    const as = citing.querySelector(".cited-as");
    as.replaceChildren();
    const sign = sentence.querySelector(".verdict");
    if (sign) {
      const copy = sign.cloneNode(true);
      copy.querySelectorAll(".heard").forEach((one) => one.remove());
      as.append(copy);
    }
    as.append(sentence.dataset.said);
  }

  function copied(excerpt, by) {
    const whole = excerpt.querySelector(".whole").cloneNode(true);
    const mine = { exact: false, like: false };
    for (const mark of whole.querySelectorAll("[data-by]")) {
      if (by && !mark.dataset.by.split(" ").includes(by)) mark.classList.add("other");
      else mine[mark.classList.contains("exact") ? "exact" : "like"] = true;
    }
    if (!by) return [whole];
    const note = document.createElement("p");
    note.className = "key-to-marks";
    note.textContent = mine.exact ? panel.dataset.exact : mine.like ? panel.dataset.like : panel.dataset.none;
    whole.querySelector(".when").after(note);
    return [whole];
  }

  function reveal(button) {
    const box = button.getBoundingClientRect();
    const sheet = panel.getBoundingClientRect();
    const floor = sheet.left < box.right && sheet.top > 0 ? sheet.top : window.innerHeight;
    if (box.top < 40 || box.bottom > floor - 24) {
      window.scrollBy({ top: box.top - Math.min(floor * 0.6, window.innerHeight / 3) });
    }
  }

  function release() {
    if (!current) return;
    current.setAttribute("aria-expanded", "false");
    document.querySelectorAll(".current").forEach((one) => one.classList.remove("current"));
  }

  function close() {
    if (!current) return;
    release();
    const back = current;
    current = null;
    panel.hidden = true;
    document.body.classList.remove("opened");
    back.focus();
  }

  function step(by) {
    const from = current || (document.activeElement.matches("button.cite") ? document.activeElement : null);
    if (!from) return;
    const group = groupOf(from);
    const to = group[group.indexOf(from) + by];
    if (!to) return;
    if (current) open(to);
    else to.focus();
  }

  previous.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  panel.querySelector(".close").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const at = document.activeElement;
    const ours = panel.contains(at) || at.matches("button.cite");
    if (event.key === "Escape" && current) close();
    else if (event.key === "ArrowRight" && ours) step(1);
    else if (event.key === "ArrowLeft" && ours) step(-1);
    else return;
    event.preventDefault();
  });

  const table = document.getElementById("sources");
  if (table) {
    const told = document.createElement("p");
    told.className = "heard";
    told.setAttribute("role", "status");
    table.after(told);
    const heads = Array.from(table.querySelectorAll("th[data-sort]"));
    const value = (row, by) => (by === "date" ? row.dataset.date : Number(row.dataset[by]));
    const order = (by, up) => (a, b) => {
      const one = value(a, by);
      const other = value(b, by);
      if (one === "" || other === "") return (one === "") - (other === "") || a.dataset.number - b.dataset.number;
      return (one < other ? -1 : one > other ? 1 : 0) * (up ? 1 : -1) || a.dataset.number - b.dataset.number;
    };
    for (const head of heads) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const by = head.dataset.sort;
        const before = head.getAttribute("aria-sort");
        const up = before ? before === "descending" : by !== "use";
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        table.tBodies[0].append(...Array.from(table.tBodies[0].rows).sort(order(by, up)));
        told.textContent = panel.dataset.sorted.replace("{by}", button.textContent)
          .replace("{way}", up ? panel.dataset.up : panel.dataset.down);
      });
    }
    if (heads.length) heads[0].setAttribute("aria-sort", "ascending");
  }

  const folded = Array.from(document.querySelectorAll("details"));
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = folded.filter((one) => !one.open);
    opened.forEach((one) => { one.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));
})();
