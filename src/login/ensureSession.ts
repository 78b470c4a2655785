import type { Config, Portal, Profile } from '../base/config.ts'
import { AwsfedError, messageOf } from '../base/errors.ts'
import { portalOf } from '../base/portalOf.ts'
import { prepareSealing } from '../base/sealed.ts'
import type { World } from '../base/world.ts'
import { readSession, type Session } from '../session/cache.ts'
import type { Captured } from '../session/captured.ts'
import { timeLeft } from '../session/freshness.ts'
import type { Role } from '../session/roles.ts'
import { type Answering, answersFor } from './answering.ts'
import { calm } from './calm.ts'
import { endIfCancelled } from './cancelled.ts'
import { checkCapture } from './capture/choice.ts'
import { oneAtATime } from './lock/oneAtATime.ts'
import { checkRemembering, refusalOfKept, remember } from './remembered.ts'
import { askedBy, type LoginRequest } from './request.ts'
import { chooseRole } from './roleChooser.ts'
import type { Report } from './status.ts'
import { type Way, waysFor } from './ways.ts'

const enough = 5 * 60_000

/**
 * A session of `profile` that will do for `request`: the cached one, else by a login, of this process or of another one that
 * is at it already. A profile with a source gets its source's session first, and assumes its role with that.
 * @throws AwsfedError `login-needed` where a person would have to be asked but may not be, `refused` by the portal or AWS,
 * `failed`, `cancelled` by a person or the request's signal
 */
export async function ensureSession(world: World, config: Config, profile: Profile, request: LoginRequest): Promise<Session> {
  const begun = world.now().getTime()
  const cached = () => {
    const session = readSession(world.paths, profile, world.trace)
    return session && timeLeft(session, world.now()) > 0 ? session : undefined
  }
  const fits = (session: Session) => !request.force && timeLeft(session, world.now()) >= (request.atLeast ?? enough)
  const before = cached()
  if (before && fits(before)) return before
  endIfCancelled(request.signal)
  // Where nobody is there to unlock the keyring what has been found before must do.
  if (request.asking !== 'never') await prepareSealing(world.paths, world.trace, request.signal)

  const already = () => {
    const session = cached()
    // One that another process has got meanwhile is as new as can be had, however long AWS lets it live.
    return session && (fits(session) || Date.parse(session.issued) >= begun) ? session : undefined
  }
  const { report, signal } = request
  const common = { what: `profile ${profile.name}`, report, signal, already }
  const asked = askedBy(world, request, `profile ${profile.name}`)
  const assumed = (session: Session, tell: Report) => {
    tell({ kind: 'assumed', arn: session.arn, expiration: session.expiration })
    return session
  }

  if (profile.source !== undefined) {
    const source = await ensureSession(world, config, entryOf(config.profiles, profile.source), {
      ...request,
      // A password is proven by a login only.
      force: request.remember,
      atLeast: undefined,
    })
    const { assumeFromSource } = await import('../session/exchange.ts')
    return oneAtATime(world, {
      ...common,
      asked,
      lock: `profile-${profile.name}`,
      work: async (announce) => {
        const { proxy } = portalOf(config, profile)
        return assumed(await assumeFromSource(world, { profile, source, proxy, signal }), both(report, announce))
      },
    })
  }

  const portal = entryOf(config.portals, profile.portal)
  checkCapture(portal)
  if (request.remember) await checkRemembering(world, portal, signal)
  return oneAtATime(world, {
    ...common,
    asked,
    lock: `portal-${portal.name}`,
    work: async (announce) => {
      const tell = both(report, announce)
      const session = await loggedIn(
        world,
        portal,
        { ...request, report: tell },
        profile.name,
        async (captured, answers, way) => {
          const { exchangeAssertion } = await import('../session/exchange.ts')
          if (request.remember) await keepTyped(world, portal, answers)
          return exchangeAssertion(world, {
            profile,
            captured,
            chooseRole: (roles) => chooseRole(profile, roles, answers),
            // Read when the session is kept: the choice of a role is a question too.
            get via() {
              return answers.prompted && way !== 'window' ? 'terminal' : way
            },
            proxy: portal.proxy,
            signal,
          })
        },
        loadExchange,
      )
      return assumed(session, tell)
    },
  })
}

/**
 * The roles that `portal` offers to who logs in there. The assertion is only read; AWS does not see it.
 * @throws AwsfedError as `ensureSession`; `failed` where the assertion is encrypted
 */
export async function rolesOffered(world: World, config: Config, portal: Portal, request: LoginRequest): Promise<Role[]> {
  endIfCancelled(request.signal)
  checkCapture(portal)
  const profile = [...config.profiles.values()].find((candidate) => candidate.portal === portal.name)
  const { report, signal } = request
  return oneAtATime(world, {
    lock: `portal-${portal.name}`,
    what: `roles of ${portal.name}`,
    asked: askedBy(world, request, `roles of ${portal.name}`),
    report,
    signal,
    // Roles are in the assertion, and that stays with who caught it.
    already: () => undefined,
    work: (announce) =>
      loggedIn(world, portal, { ...request, report: both(report, announce) }, profile?.name, async ({ samlResponse }) => {
        const { readAssertion } = await import('../session/assertion.ts')
        const facts = readAssertion(samlResponse)
        if (!facts.encrypted) return [...facts.roles]
        throw new AwsfedError('failed', `the assertion of ${portal.name} is encrypted: only AWS can read its roles`, {
          hint: 'ask those who run the portal for the ARNs of role and provider, and write both into the [profile]',
        })
      }),
  })
}

/** Logs in at `portal` by the ways that `request` allows, and gives the assertion to `use`. */
async function loggedIn<T>(
  world: World,
  portal: Portal,
  request: LoginRequest,
  profile: string | undefined,
  use: (captured: Captured, answers: Answering, way: Way['name']) => Promise<T>,
  meanwhile = () => {},
): Promise<T> {
  const quiet = calm(request.report)
  const command = profile === undefined ? 'awsfed roles' : `awsfed login -p ${profile}`
  const answers = answersFor(world, portal, { request, calm: quiet, command })
  // Before the rest is loaded: who waits should see something at once.
  quiet.report({ kind: 'opening', url: portal.url })
  const { withAssertion } = await import('./portalLogin.ts')
  const login = {
    ways: waysFor(request),
    answers,
    report: quiet.report,
    signal: request.signal,
    // With them the portal would let in without a password, and prove none.
    withoutCookies: request.remember === true,
    windowCommand: profile === undefined ? 'awsfed login --window' : `${command} --window`,
    meanwhile,
  }
  try {
    return await withAssertion(world, portal, login, (captured, way) => use(captured, answers, way))
  } catch (error) {
    throw (await refusalOfKept(world, portal, answers, error)) ?? error
  }
}

/** The portal has let in who typed this. Where the keyring fails the login does not. */
async function keepTyped(world: World, portal: Portal, { typed }: Answering): Promise<void> {
  if (!typed) return world.say(`nothing to remember: ${portal.name} asked for no password`)
  try {
    await remember(world, portal, typed)
  } catch (error) {
    world.say(`warning: the password was not kept: ${messageOf(error)}`)
  }
}

/** Loads what the assertion will be exchanged by. */
function loadExchange(): void {
  const loading = [import('../session/exchange.ts'), import('../session/stsClient.ts').then(({ loadSts }) => loadSts())]
  // Whoever then uses it learns what is wrong.
  Promise.all(loading).catch(() => {})
}

function both(first: Report, second: Report): Report {
  return (status) => {
    first(status)
    second(status)
  }
}

/** What the configuration names exists: it is checked when it is read. */
function entryOf<T>(entries: ReadonlyMap<string, T>, name: string | undefined): T {
  const entry = name === undefined ? undefined : entries.get(name)
  if (entry === undefined) throw new RangeError(`the configuration has no ${name}`)
  return entry
}
