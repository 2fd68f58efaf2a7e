/** Python functions that keep fetched files by their digests between builds: a part of every program of ours that fetches. */
export const keepFile = `
def digest_of(file, algorithm):
    with open(file, "rb") as source:
        return hashlib.file_digest(source, algorithm).hexdigest()


def is_kept(kept, algorithm, digest):
    return os.path.isfile(kept) and digest_of(kept, algorithm) == digest


def keep_file(file, kept):
    os.makedirs(os.path.dirname(kept), exist_ok=True)
    part = kept + "." + str(os.getpid()) + "." + str(time.monotonic_ns())
    shutil.copyfile(file, part)
    os.rename(part, kept)
`;
