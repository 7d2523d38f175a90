"""View of a training text: what is learnt, read and cut, in three tints."""
