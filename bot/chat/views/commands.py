"""What each command does, in a learner's words: the menu, /help and the docs show these lines."""

OPERATOR_HELP = {
    "status": "how I am: learners, boxes, what failed, the pack at work",
    "gaps": "what learners asked in vain, each matter with a note to fill",
    "reports": "items reported, updates set aside, messages not sent; try again or drop",
    "broadcast": "/broadcast and a text: tell all learners, after a preview",
    "reload": "put a changed pack to work without a pause",
}

HELP = {
    "start": "begin here",
    "next": "what to learn next, and why",
    "placement": "find out where you stand, in 8 to 15 questions",
    "quiz": "a question for you; /quiz statistics chooses the skill",
    "scores": "how a group stands in its quizzes",
    "progress": "where you stand, as a map",
    "daily": "one question a day at your hour; /daily 8am sets it, /daily off ends it",
    "plan": "your way week by week, also for your calendar",
    "saved": "the notes you keep",
    "settings": "your goal, hours and time zone, and how to change them",
    "help": "what I can do",
    "privacy": "what I store about you, and how to erase it",
    "export": "all I store about you, as a file",
    "delete": "erase all I store about you",
    "stop": "I write only when you write first",
}

IN_GROUPS = ("quiz", "scores", "help")  # the menu of a group; the others are between the bot and one learner
