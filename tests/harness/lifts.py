"""The body of a lift, as an officer's client sends it."""

import datetime


def lift_request(key: str, authority: str, room: str, events: list[str], case: dict | None = None, commit: str = "now") -> dict:
    """Everything is confirmed; without a case a new one named by the key is made."""
    title = "Yttrande över provisorisk vall"
    draft = {
        "title": title,
        "internal_title": title,
        "direction": "in",
        "sender": "Byggnadsnämnden",
        "recipient": "Kommunstyrelsen",
        "private_person": False,
        "came_or_made_day": datetime.date.today().isoformat(),
        "classification": "1.4.1",
        "record_type": "Yttrande",
        "case": case or {"new": {"title": f"Ärende {key}"}},
        "secrecy": None,
    }
    return {
        "key": key,
        "commit": commit,
        "authority": authority,
        "room_id": room,
        "event_ids": events,
        "confirmed": ["secrecy", "personal_number", "new_case", "many"],
        "draft": draft,
    }
