"""The course in the three apps: bets, questions, exercises, questionnaires and feedback, as data and calculations."""
