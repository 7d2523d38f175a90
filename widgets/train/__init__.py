"""Components of app 3: baseline samples, hyperparameters, training, evaluation, trial."""
