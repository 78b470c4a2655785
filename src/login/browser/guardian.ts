import { spawn } from 'node:child_process'
import type { World } from '../../base/world.ts'
import type { Run } from './runs.ts'
import { socketFolders } from './socketFolder.ts'

/**
 * What the guardian does: it waits on its standard input, which ends when the process that has started it ends in whatever
 * way, by SIGKILL too. Told `done` before, it only goes. Else it kills the processes that are known by the folder ($1), and
 * removes folder and record ($2), and the socket below one of the other folders. The mark is read from standard input and
 * environment, so that it kills not itself.
 */
const script = `
PATH=$PATH:/usr/bin:/bin
trap '' HUP INT QUIT TERM PIPE
IFS= read -r word
[ "$word" = done ] && exit 0
marked() {
  if [ -r /proc/self/cmdline ]; then
    printf '=%s\\n' "$1" | grep -laF -f - /proc/[0-9]*/cmdline 2>/dev/null | while IFS=/ read -r _ _ pid _; do echo "$pid"; done
  else
    ps -axwwo pid=,command= | MARK="=$1" awk 'index($0, ENVIRON["MARK"]) { print $1 }'
  fi
}
for round in 1 2 3 4 5; do
  pids=$(marked "$1")
  [ -z "$pids" ] && break
  kill -KILL $pids 2>/dev/null
  sleep 1
done
folder=$1 record=$2
shift 2
socket=$(readlink "$folder/SingletonSocket") && for tmp do
  case $socket in "$tmp"/*/SingletonSocket) rm -rf -- "\${socket%/*}" ;; esac
done
rm -rf -- "$folder"
rm -f -- "$record"
`

/** Stands by a run until it is dismissed. */
export interface Guardian {
  /** The run has ended in order: nothing is left to do. Resolves when the guardian has gone. */
  dismiss(): Promise<void>
}

/**
 * Starts a guardian for `run`: a shell of a megabyte that ends the browser should this process die without having done so.
 * It is in a session of its own, holds none of our pipes but its input (git waits for the end of those it gave us), and does
 * not keep this process running. Windows has no such shell: there the next run reaps.
 */
export function startGuardian({ env, platform }: Pick<World, 'env' | 'platform'>, run: Run): Guardian {
  if (platform === 'win32') return { dismiss: () => Promise.resolve() }
  const guardian = spawn('/bin/sh', ['-c', script, 'awsfed-guardian', run.folder, run.record, ...socketFolders(env)], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>((resolve) => {
    guardian.once('exit', () => resolve())
    // Without a guardian (no /bin/sh, no more processes) the login is as good, and the next run reaps.
    guardian.once('error', () => resolve())
  })
  guardian.stdin.on('error', () => {}) // it ended first: told by `ended`
  guardian.unref()
  return {
    dismiss() {
      guardian.ref()
      guardian.stdin.end('done\n')
      return ended
    },
  }
}
