// nflverse, wherever its files lie.

/** Where GitHub keeps what lies in repositories and releases. */
export const REDIRECTS_TO = ['githubusercontent.com']
