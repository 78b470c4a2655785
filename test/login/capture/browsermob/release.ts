import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const fixtures = fileURLToPath(new URL('../../../../fixtures/browsermob', import.meta.url))

const missing = ['java', 'javac', 'keytool', 'mvn'].filter((program) => !onPath(program))
if (missing.length > 0 && process.env.CI) throw new Error(`${missing.join(', ')} missing: in CI the tests of BrowserMob must run`)

/** Whether this machine has what BrowserMob is fetched, built and run by. `npm test` says so in one line where it has not. */
export const canRunBrowsermob = missing.length === 0

function onPath(program: string): boolean {
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program]
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => names.some((name) => existsSync(path.join(folder, name))))
}

/**
 * The program `browsermob-proxy`, laid out as its release is: fetched and compiled once, into a cache outside of the tree. To be
 * called where `canRunBrowsermob` is true.
 */
export function browsermobProgram(): string {
  const pom = path.join(fixtures, 'pom.xml')
  const launcher = path.join(fixtures, 'Launcher.java')
  const key = createHash('sha256').update(readFileSync(pom)).update(readFileSync(launcher)).update(script).digest('hex')
  const folder = path.join(cacheFolder(), `browsermob-${key.slice(0, 16)}`)
  const program = path.join(folder, 'bin', 'browsermob-proxy')
  if (existsSync(program)) return program
  // Made aside and put in place whole: two test files may be at it at once.
  const fresh = `${folder}.${process.pid}`
  const jars = path.join(fresh, 'lib')
  const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies'
  runs('mvn', '--quiet', '--batch-mode', '--file', pom, plugin, `-DoutputDirectory=${jars}`)
  runs('javac', '-classpath', path.join(jars, '*'), '-d', path.join(fresh, 'classes'), launcher)
  mkdirSync(path.join(fresh, 'bin'))
  writeFileSync(path.join(fresh, 'bin', 'browsermob-proxy'), script)
  chmodSync(path.join(fresh, 'bin', 'browsermob-proxy'), 0o755)
  try {
    renameSync(fresh, folder)
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true })
    if (!existsSync(program)) throw error
  }
  return program
}

/** Starts it as the release's script does, JAVA_OPTS and all. */
const script = `#!/bin/sh
home=$(cd "$(dirname "$0")/.." && pwd)
if [ -n "$JAVA_HOME" ]; then java=$JAVA_HOME/bin/java; else java=java; fi
exec "$java" $JAVA_OPTS -classpath "$home/classes:$home/lib/*" Launcher "$@"
`

function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (process.platform === 'win32') return path.join(LOCALAPPDATA ?? os.tmpdir(), 'awsfed-test')
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'awsfed-test')
  return path.join(XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'awsfed-test')
}

function runs(command: string, ...args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', shell: process.platform === 'win32' })
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')}:\n${stdout}${stderr}`)
}
