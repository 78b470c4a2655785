import { chmodSync } from 'node:fs'
import path from 'node:path'

/**
 * A PATH whose `ssh` reads `config`: OpenSSH takes the home folder of the password database and not HOME, so an ssh of the
 * test's own stands before the real one and names the file.
 */
export function sshWithConfig(
  at: (...steps: string[]) => string,
  write: (file: string, text: string) => string,
  config: string,
): string {
  const file = write(at('ssh', 'config'), config)
  const real = (process.env.PATH ?? '').split(path.delimiter)
  const program = write(at('ssh', 'bin', 'ssh'), `#!/bin/sh\nPATH='${real.join(path.delimiter)}' exec ssh -F '${file}' "$@"\n`)
  chmodSync(program, 0o755)
  return [at('ssh', 'bin'), ...real].join(path.delimiter)
}
