"""What a text states, as values that compare: figures with units, dates, names, denials, directions; and whether two
texts say the same, or differ.
"""
