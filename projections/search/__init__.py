"""Search: a read model of every template, dataset and connector, by the words in them.

`words` splits texts and names, `asking` reads what a user typed, `documents` tells what of a
thing is searched, `model` holds the tables, and `vocabulary` knows every word there is. `searching`
leads from a question to a page: the words asked for are looked up (`lookup`) and understood
(`meaning`), looked for within bounds (`matching`), and what is found is ranked (`pages`).
"""
