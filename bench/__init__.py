"""`make bench`: the product against stock Rasa, on the same dialogues, in the same run.

It drives both from outside, over HTTP, and must import nothing of the product: a figure is what a client
sees.
"""
