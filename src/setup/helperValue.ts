/** What git is to run: the helper, and the Node that it is to run under. Both absolute. */
export interface Helper {
  readonly node: string
  readonly program: string
}

/**
 * The value of `credential.<url>.helper`. Git gives what follows `!` to sh, with the operation behind it (gitcredentials(7));
 * editors and desktop clients start git with a PATH that has no Node, so the Node is named.
 */
export function helperValue({ node, program }: Helper, platform: NodeJS.Platform): string {
  // The sh that comes with git for Windows takes forward slashes everywhere, and a backslash is git's own escape.
  const plain = (file: string) => (platform === 'win32' ? file.replaceAll('\\', '/') : file)
  return `!AWSFED_NODE=${quoted(plain(node))} ${quoted(plain(program))}`
}

/** Whether a helper's value was written by `awsfed setup git`, under whichever Node and wherever awsfed was installed. */
export function isOurs(value: string): boolean {
  return value.startsWith("!AWSFED_NODE='") && value.endsWith("git-credential-awsfed'")
}

/** In single quotes sh takes every character as it is (POSIX 2.2.2). */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
