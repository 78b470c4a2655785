const units: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 }

/** Seconds of `8h`, `90m`, `1h30m`, `3600s`; undefined when it is not a duration. */
export function secondsOf(text: string): number | undefined {
  if (!/^(\d{1,6}[hms])+$/.test(text)) return undefined
  let seconds = 0
  for (const [, count, unit] of text.matchAll(/(\d+)([hms])/g)) seconds += Number(count) * (units[unit ?? ''] ?? 0)
  return seconds
}
