/** Python definitions that every program of ours begins with: how it says that something will not do. */
export const refusals = `
MEGABYTE = 1024 * 1024


class Refused(Exception):
    pass


class Unreachable(Exception):
    pass


def refuse(reason):
    raise Refused(reason)


def shown(text):
    return ascii(text[:200])
`;
