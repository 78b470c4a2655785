import { execFileSync } from 'node:child_process'

/** Tests run the built programs: build them once before all. AWSFED_TEST_BUILD=0 takes those that are there. */
export default function setup(): void {
  if (process.env.AWSFED_TEST_BUILD !== '0') execFileSync(process.execPath, ['scripts/build.js'], { stdio: 'inherit' })
}
