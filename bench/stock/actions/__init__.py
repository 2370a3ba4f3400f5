"""The stock assistant's custom actions, served by `rasa run actions`."""
