"""What Tests/Outside/run adds to schemathesis: a stranger asks for somebody's things by their true ids, and sees none of their
words in any answer."""
import os

import schemathesis

IDS = os.environ.get("FUZZ_IDS", "").split()
SECRETS = os.environ.get("FUZZ_SECRETS", "").split("\n") if os.environ.get("FUZZ_SECRETS") else []


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Half of all ids become somebody's, the same ones for the same example."""
    if not IDS or not path_parameters:
        return path_parameters
    return {
        name: IDS[sum(str(value).encode()) // 2 % len(IDS)] if sum(str(value).encode()) % 2 else value
        for name, value in path_parameters.items()}


@schemathesis.hook
def before_call(context, case, kwargs):
    """A poll is held, but not for its 25 s."""
    try:
        if float(case.query.get("wait", 0)) > 1:
            case.query["wait"] = 1
    except (AttributeError, TypeError, ValueError):
        pass


@schemathesis.check
def nothing_of_anothers(context, response, case):
    found = [secret for secret in SECRETS if secret in response.text and secret not in (case.formatted_path or "")]
    assert not found, f"shows {found}"
