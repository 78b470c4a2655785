import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { onTestFinished } from 'vitest'

const server = '/usr/bin/Xvfb'

/** Whether this machine can have a display that nobody sees. */
export const canHaveDisplay = existsSync(server)

/** A display that nobody sees, for this test: what DISPLAY is to be. */
export async function displayForTest(): Promise<string> {
  const child = spawn(server, ['-displayfd', '3', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void child.kill())
  const number = await new Promise<string>((resolve) =>
    child.stdio[3]?.once('data', (text: Buffer) => resolve(String(text).trim())),
  )
  return `:${number}`
}
