"""Search: a read model of every template, dataset and connector, by the words in them.

`words` splits texts and names, `asking` reads what a user typed, `documents` tells what of a
thing is searched, `model` holds the tables, `vocabulary` knows every word there is, and
`statements` finds and ranks. A search is two look-ups: the words asked for are told apart into
those in use (`vocabulary.look_up`), and these are looked for (`statements.search_page`).

To rank templates by any words, say those of a description, use
`statements.templates_by_words(words, limit)`: one query, answering with a position and a JSON
array of `{"template_id", "score"}`, the best first.
"""
