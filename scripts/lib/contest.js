// Whole processes against each other: one of each in turn, so that a busy machine is busy for all; medians, and ratios of
// them within this run.
import { spawnSync } from 'node:child_process'
import os from 'node:os'

/**
 * @typedef {object} Contender
 * @property {string} title
 * @property {string} command
 * @property {readonly string[]} args
 * @property {string} [input]
 * @property {number} [every] run it only in every so-many-th round
 * @property {string} [expect] what its output must hold to count
 * @property {number[]} times in milliseconds
 */

/**
 * @param {string} title
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Partial<Contender>} [more]
 * @returns {Contender}
 */
export function contender(title, command, args, more = {}) {
  return { title, command, args, times: [], ...more }
}

/**
 * One whole process, from its start to its end.
 * @param {Contender} contender
 * @param {NodeJS.ProcessEnv} env
 */
function time({ command, args, input = '', expect }, env) {
  const start = process.hrtime.bigint()
  const { status, stdout, error } = spawnSync(command, args, { env, input, stdio: ['pipe', 'pipe', 'ignore'] })
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  if (error || status !== 0 || (expect && !stdout.toString().includes(expect))) return undefined
  return milliseconds
}

/** @param {readonly number[]} numbers */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/**
 * Runs them and prints their times. The first of each warms the disk's cache and does not count.
 * @param {readonly Contender[]} all
 * @param {number} rounds
 * @param {NodeJS.ProcessEnv} env
 */
export function compete(all, rounds, env) {
  const running = all.filter((one) => {
    const there = time(one, env) !== undefined
    if (!there) console.log(`${one.title}: not there or not working, left out`)
    return there
  })
  for (let round = 0; round < rounds; round++) {
    for (const one of running) {
      if (round % (one.every ?? 1) !== 0) continue
      const milliseconds = time(one, env)
      if (milliseconds !== undefined) one.times.push(milliseconds)
    }
  }
  console.log(`\n${rounds} rounds, Node ${process.versions.node}, ${os.cpus().length} × ${os.cpus()[0]?.model.trim() ?? 'cpu'}\n`)
  console.log(`${'median ms'.padStart(10)}  ${'fastest'.padStart(8)}  runs`)
  for (const { title, times } of running) {
    const [middle, least] = [median(times), Math.min(...times)].map((milliseconds) => milliseconds.toFixed(1))
    console.log(`${middle?.padStart(10)}  ${least?.padStart(8)}  ${String(times.length).padStart(4)}  ${title}`)
  }
}

/**
 * Prints what the times mean. A value of which a contender was left out is left out too.
 * @param {readonly (readonly [title: string, value: number, goal?: string, held?: boolean])[]} goals
 */
export function judge(goals) {
  console.log()
  for (const [title, value, goal, held] of goals) {
    if (Number.isNaN(value)) continue
    const verdict = goal ? `  (goal ${goal}: ${held ? 'held' : 'missed in this run'})` : ''
    console.log(`${value.toFixed(2).padStart(10)}  ${title}${verdict}`)
  }
}
