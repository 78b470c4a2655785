import { spawn } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { bundledScript } from '../../support/bundle.ts'

/** A process of its own that runs `source`, as far as its first words: the folder of its browser. Its pipes are ours, as a helper's are git's. */
export async function startScript(home: string, source: string) {
  const script = await bundledScript(source)
  // Its one package that is not bundled is looked for beside it.
  symlinkSync(path.resolve('node_modules'), path.join(path.dirname(script), 'node_modules'))
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, HOME: home, AWSFED_HOME: path.join(home, 'awsfed') },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  const folder = await new Promise<string>((resolve) => child.stdout.once('data', (text: Buffer) => resolve(String(text))))
  return { child, folder, closed }
}
