"""What each command does, in a learner's words: the menu, /help and the docs show these lines."""

from bot.chat.views.catalogue import N_

OPERATOR_HELP = {
    "status": N_("how I am: learners, boxes, what failed, the pack at work"),
    "gaps": N_("what learners asked in vain, each matter with a note to fill"),
    "reports": N_("items reported, updates set aside, messages not sent; try again or drop"),
    "broadcast": N_("/broadcast and a text: tell all learners, after a preview"),
    "reload": N_("put a changed pack to work without a pause"),
}

HELP = {
    "start": N_("begin here"),
    "next": N_("what to learn next, and why"),
    "placement": N_("find out where you stand, in 8 to 15 questions"),
    "quiz": N_("a question for you; write a skill after it to choose"),
    "scores": N_("how a group stands in its quizzes"),
    "progress": N_("where you stand, as a map"),
    "daily": N_("one question a day at your hour; /daily 8am sets it, /daily off ends it"),
    "plan": N_("your way week by week, also for your calendar"),
    "saved": N_("the notes you keep"),
    "settings": N_("your goal, hours and time zone, and how to change them"),
    "help": N_("what I can do"),
    "privacy": N_("what I store about you, and how to erase it"),
    "export": N_("all I store about you, as a file"),
    "delete": N_("erase all I store about you"),
    "stop": N_("I write only when you write first"),
}

NEED_SKILLS = ("next", "placement", "quiz", "scores", "progress", "daily", "plan")


def offered(has_skills: bool) -> dict[str, str]:
    """What a learner may do, and how it helps; of a pack of notes alone that is less."""
    return {name: help for name, help in HELP.items() if has_skills or name not in NEED_SKILLS}


IN_GROUPS = ("quiz", "scores", "help")  # the menu of a group; the others are between the bot and one learner
