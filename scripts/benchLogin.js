// `npm run bench:login [-- --runs N]`: what a login costs by each of its ways, at the sandbox: whole processes of `awsfed login`.
//
// One of each in turn, so that a busy machine is busy for all; medians. It measures and never fails: timings of a shared
// machine are no test.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { median } from './lib/contest.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const { values } = parseArgs({ options: { runs: { type: 'string', default: '21' } } })
const runs = Math.max(3, Number.parseInt(values.runs, 10) || 21)
const awsfed = path.join(root, 'bin', 'awsfed.js')

/** Starts `awsfed sandbox`, and returns what points a shell at it. */
async function startSandbox() {
  const child = spawn(process.execPath, [awsfed, 'sandbox'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8')
  for await (const chunk of child.stdout) {
    text += chunk
    if (text.includes('Ctrl-C ends it')) break
  }
  child.stdout.resume()
  const exported = [...text.matchAll(/^ *export (\w+)='(.*)'$/gm)].map(([, name = '', value = '']) => [name, value])
  return { child, env: { ...process.env, ...Object.fromEntries(exported), AWSFED_INTERACTIVE: 'never' } }
}

const { child, env } = await startSandbox()
try {
  const jar = path.join(env.AWSFED_HOME, 'state', 'cookies', 'corp.json')
  const nothing = () => {}
  /** @type {{ title: string, args: string[], before: () => void, times: number[] }[]} */
  const contenders = [
    { title: 'bare node', args: ['-e', ''], before: nothing, times: [] },
    { title: '(a) http: plain requests with cookies', args: [awsfed, 'login', '--force', '--json'], before: nothing, times: [] },
    {
      title: '(b) headless, with cookies',
      args: [awsfed, 'login', '--force', '--json'],
      // Without the name of their browser the cookies are for a browser only.
      before: () => writeFileSync(jar, JSON.stringify({ cookies: JSON.parse(readFileSync(jar, 'utf8')).cookies })),
      times: [],
    },
    {
      title: '(c) headless, password and code by commands',
      args: [awsfed, 'login', '--force', '--json'],
      before: () => rmSync(jar, { force: true }),
      times: [],
    },
  ]
  // The first round warms the disk's cache, and logs in for the cookies.
  for (const one of [...contenders].reverse()) spawnSync(process.execPath, one.args, { env })
  for (let round = 0; round < runs; round++) {
    for (const { title, args, before, times } of [...contenders].reverse()) {
      before()
      const start = process.hrtime.bigint()
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { env })
      const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
      const wanted = title.startsWith('(a)') ? '"via": "http"' : title.startsWith('(') ? '"via": "headless"' : ''
      if (status === 0 && stdout.includes(wanted)) times.push(milliseconds)
      else console.log(`${title}: not done (${status}): ${stderr}`)
    }
  }
  console.log(`${runs} rounds, Node ${process.versions.node}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'cpu'}\n`)
  console.log(`${'median ms'.padStart(10)}  ${'fastest'.padStart(8)}`)
  for (const { title, times } of contenders) {
    console.log(
      `${median(times).toFixed(0).padStart(10)}  ${Math.min(...times)
        .toFixed(0)
        .padStart(8)}  ${title}`,
    )
  }
} finally {
  child.kill('SIGINT')
}
