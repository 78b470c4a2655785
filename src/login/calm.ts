import type { Report, Status } from './status.ts'

/** Keeps statuses back while a person is asked on the same terminal: a line in the midst of a prompt garbles both. */
export interface Calm {
  readonly report: Report
  /** Runs `asking`, and reports afterwards what came meanwhile. */
  during<T>(asking: () => Promise<T>): Promise<T>
}

export function calm(report: Report): Calm {
  const kept: Status[] = []
  let open = 0
  return {
    report: (status) => (open > 0 ? void kept.push(status) : report(status)),
    async during(asking) {
      open++
      try {
        return await asking()
      } finally {
        open--
        if (open === 0) for (const status of kept.splice(0)) report(status)
      }
    },
  }
}
