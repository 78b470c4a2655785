import type { Portal } from '../../../src/base/config.ts'

export function testPortal(more: Partial<Portal> = {}): Portal {
  return {
    name: 'test',
    url: 'http://127.0.0.1/',
    recipe: 'auto',
    capture: undefined,
    browser: undefined,
    browserBinary: undefined,
    driverBinary: undefined,
    browserArgs: [],
    username: undefined,
    passwordCommand: undefined,
    otpCommand: undefined,
    mfa: undefined,
    proxy: undefined,
    acsHosts: [],
    browsermob: undefined,
    ...more,
  }
}
