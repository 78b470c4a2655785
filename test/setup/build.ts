import { execFileSync } from 'node:child_process'

/** Tests run the built programs: build them once before all. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' })
}
