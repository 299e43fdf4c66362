"""Where an answer can't keep to the specification's OpenAPI files: the operation, what is said of the answer, why it is right."""

import re

FILES_ARE_WRONG = (
    (r"getContent\w*", r"Documented: application/octet-stream", "the prose asks for the type that the file was uploaded with"),
    (r"getRoomStateWithKey", r"more than one of the schemas listed in the 'oneOf'", "any object, or an event: an event is both"),
    (r".*", r'"flows" is a required property[^$]*"errcode": "M_(USER_LOCKED|UNKNOWN_TOKEN|MISSING_TOKEN)"', "401 asks for a token, too"),
    (r"getFilter", r"^null is not of type", "what was stored comes back, and null is as good as nothing"),
    (r"getRoomKeysVersion\w*", r"is not one of .m.megolm_backup", "what was stored comes back; clients store other algorithms"),
    (r"getJoinedMembersByRoom", r"^null is not of type", "Complement wants both keys; null is what isn't set"),
)


def is_the_files_fault(operation: str, said: str) -> bool:
    """@param said the fault and what the answer was"""
    return any(re.fullmatch(name, operation) and re.search(what, said, re.MULTILINE) for name, what, _ in FILES_ARE_WRONG)
