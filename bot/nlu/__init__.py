"""The assistant's understanding of Chinese: Rasa graph components and the pure rules that they apply.

The components know no intent or entity name of this product beyond what `config.yml` tells them. The rules
(amounts, numbers, times, …) take text and give values; they must not import Rasa.
"""
