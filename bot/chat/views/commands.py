"""What each command does, in a learner's words: the menu, /help and the docs show these lines."""

HELP = {
    "start": "begin here",
    "help": "what I can do",
    "privacy": "what I store about you, and how to erase it",
}
