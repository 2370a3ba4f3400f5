"""How well texts are understood: the trained model against texts that it was never tuned on, beside stock Rasa."""
