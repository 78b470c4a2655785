import type { Environment } from '../../../base/paths.ts'

/** BrowserMob 2.1.5 reaches into classes that Java 16 and later keep shut: without the first it dies at start, without the second it cannot resolve names anew. */
const javaFlags = ['--add-opens java.base/java.lang=ALL-UNNAMED', '--add-opens java.base/sun.net=ALL-UNNAMED']

/** Seconds after which the daemon itself deletes a proxy that nobody has asked about. */
const timeToLive = 3600

/**
 * The environment for the daemon: every `java` from 9 on reads JDK_JAVA_OPTIONS (Oracle, "The java Command"), and takes the
 * flags whether it needs them or not; what stands there already stays.
 */
export function daemonEnvironment(env: Environment): Environment {
  return { ...env, JDK_JAVA_OPTIONS: [env.JDK_JAVA_OPTIONS, ...javaFlags].filter(Boolean).join(' ') }
}

/**
 * The daemon's command line: where `command` ends in the release's own program, what that lacks is added to it. By default
 * it would listen at 8080, for the whole network, and keep proxies that were left for ever.
 * @param url where the daemon is to be found
 */
export function daemonCommand(command: string, url: string): string {
  if (!isOwnProgram(command)) return command
  const wanted = [
    ['-port', new URL(url).port || '80'],
    ['-address', '127.0.0.1'],
    ['-ttl', String(timeToLive)],
  ] as const
  // Its parser (jopt-simple) takes one dash or two, and `=`.
  const lacks = ([flag]: readonly [string, string]) => !new RegExp(`\\s-?${flag}(\\s|=|$)`).test(command)
  return [command.trimEnd(), ...wanted.filter(lacks).flat()].join(' ')
}

const quoted = `"[^"]*"|'[^']*'`
const assignments = String.raw`(?:(?:exec|nohup|env|\w+=(?:${quoted}|[^\s"']*))\s+)*`
const program = String.raw`(?:"[^"]*browsermob-proxy(?:\.\w+)?"|'[^']*browsermob-proxy(?:\.\w+)?'|[^\s"']*browsermob-proxy(?:\.\w+)?)`
const ownProgram = new RegExp(String.raw`^\s*${assignments}${program}(?:\s|$)`)

/** Whether the last of its simple commands is `browsermob-proxy`, in the foreground: what is appended is then an argument of it. */
function isOwnProgram(command: string): boolean {
  const last = command.split(/&&|;/).at(-1) ?? ''
  return ownProgram.test(last) && !/[|&#`\n]/.test(last)
}
