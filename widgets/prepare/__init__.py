"""Components of app 2: from the learner's file to a prepared dataset."""
