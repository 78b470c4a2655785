import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import net from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { restAt } from '../../../../src/login/capture/browsermob/rest.ts'
import { browsermobProgram } from './release.ts'

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = net.createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  return port
}

/** A daemon of somebody else's, as the README says to run it. */
export async function startDaemon(javaOptions: string, ...more: string[]) {
  const port = await freePort()
  const child = spawn(browsermobProgram(), ['-port', String(port), '-address', '127.0.0.1', '-ttl', '600', ...more], {
    env: {
      PATH: process.env.PATH,
      JAVA_OPTS: `${javaOptions} --add-opens java.base/java.lang=ALL-UNNAMED --add-opens java.base/sun.net=ALL-UNNAMED`,
    },
    stdio: 'ignore',
  })
  const rest = restAt(`http://127.0.0.1:${port}`)
  while ((await rest.answering()) !== 'browsermob') {
    if (child.exitCode !== null) throw new Error(`the daemon ended: ${child.exitCode}`)
    await delay(50)
  }
  return { rest, child, url: rest.url, stop: () => ended(child) }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** The processes that a daemon of awsfed's is, by its class name, and its port. */
export function daemonsAt(port: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
        return command.includes('\0Launcher\0') && command.includes(`\0${port}\0`)
      } catch {
        return false // it ended meanwhile
      }
    })
    .map(Number)
}

/** The addresses at which somebody listens on `port`, from the kernel: `127.0.0.1`, `0.0.0.0`, `::ffff:127.0.0.1`, `::`. */
export function listeningAt(port: number): string[] {
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => readFileSync(file, 'latin1').split('\n').slice(1))
  return rows.flatMap((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/)
    const [address = '', hex = ''] = local.split(':')
    return state === '0A' && Number.parseInt(hex, 16) === port ? [addressOf(address)] : []
  })
}

/** The kernel writes addresses as numbers of its own byte order, 32 bits at a time. */
function addressOf(hex: string): string {
  const bytes = [...hex.matchAll(/../g)].map(([byte]) => Number.parseInt(byte, 16))
  const ordered = Array.from({ length: bytes.length / 4 }, (_, word) => bytes.slice(word * 4, word * 4 + 4).reverse()).flat()
  if (ordered.length === 4) return ordered.join('.')
  if (ordered.every((byte) => byte === 0)) return '::'
  const mapped = ordered.slice(0, 12).every((byte, index) => byte === (index < 10 ? 0 : 255))
  return mapped ? `::ffff:${ordered.slice(12).join('.')}` : hex
}
