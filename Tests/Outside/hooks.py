"""What Tests/Outside/run adds to schemathesis: half of what is asked for is there, by its true id, and nobody sees words in an
answer that are not for them."""
import json, os

import schemathesis

KNOWN = json.loads(os.environ.get("FUZZ_KNOWN", "{}"))
SECRETS = json.loads(os.environ.get("FUZZ_SECRETS", "[]"))
# What would end all that the rest is asked about, by whatever link it was found.
SPARED = {("DELETE", "/api/my/meshes/{mesh_id}"), ("DELETE", "/api/my/meshes/{mesh_id}/members/me")}


def known(name, value):
    """Half of all values become what there is under that name, the same for the same value. What is longer than the document
    allows stays: it is to be refused."""
    if len(str(value)) > 128:
        return value
    number = sum(str(value).encode())
    return KNOWN[name][number // 2 % len(KNOWN[name])] if KNOWN.get(name) and number % 2 else value


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    operation = context.operation
    if not path_parameters or (operation.method.upper(), operation.path) in SPARED:
        return path_parameters
    return {name: known(name, value) for name, value in path_parameters.items()}


@schemathesis.hook
def map_body(context, body):
    return with_known(body)


def with_known(body):
    if isinstance(body, list):
        return [with_known(item) for item in body]
    if not isinstance(body, dict):
        return body
    return {
        name: known(name, value) if name != "name" and isinstance(value, str) else with_known(value)
        for name, value in body.items()}


@schemathesis.hook
def before_call(context, case, kwargs):
    """A poll is held, but not for its 25 s."""
    if (case.method.upper(), case.operation.path) in SPARED and case.path_parameters["mesh_id"] in KNOWN.get("mesh_id", []):
        case.path_parameters["mesh_id"] = "0" * 26
    try:
        if float(case.query.get("wait", 0)) > 1:
            case.query["wait"] = 1
    except (AttributeError, TypeError, ValueError):
        pass


@schemathesis.check
def nothing_of_anothers(context, response, case):
    found = [secret for secret in SECRETS if secret in response.text and secret not in (case.formatted_path or "")]
    assert not found, f"shows {found}"
