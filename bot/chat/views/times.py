"""How do days, months and the clock read? By the catalogue, whatever the machine speaks. Pure."""

from datetime import date, datetime, time

from bot.chat.views.catalogue import N_, _

_WEEKDAYS = (
    # Translators: as in "The next one comes on Monday, 22 November at 8:00".
    *(N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday")),
    *(N_("Saturday"), N_("Sunday")),
)
# Translators: as in "between November 2026 and March 2027".
_MONTHS = (
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July")),
    *(N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
)
_DATES = (  # whole, as many languages bend the month's name beside a day
    *(N_("{day} January"), N_("{day} February"), N_("{day} March"), N_("{day} April"), N_("{day} May")),
    *(N_("{day} June"), N_("{day} July"), N_("{day} August"), N_("{day} September"), N_("{day} October")),
    *(N_("{day} November"), N_("{day} December")),
)


def clock(at: time | datetime) -> str:
    """The hour and the minute, by 24 hours."""
    return _("{hour}:{minute}").format(hour=f"{at:%H}", minute=f"{at:%M}")


def weekday(day: date) -> str:
    """Monday to Sunday."""
    return _(_WEEKDAYS[day.weekday()])


def month(day: date) -> str:
    """January to December."""
    return _(_MONTHS[day.month - 1])


def day_of(day: date) -> str:
    """A day without its year."""
    return _(_DATES[day.month - 1]).format(day=day.day)


def day_and_year(day: date) -> str:
    """A day with its year."""
    return _("{date} {year}").format(date=day_of(day), year=day.year)
