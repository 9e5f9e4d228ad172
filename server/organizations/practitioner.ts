// The Practitioner of somebody whose licence was found right: who they are in the directory, so that what they write and ask refers to somebody
// who can be looked up. One for an account, wherever it works; one that the operator's tool named stays.
import type { StatementWho } from '../../core/ledger/statement.ts';
import { displayName } from '../../core/record/human-name.ts';
import { prepareVersion } from '../storage/prepare-version.ts';
import type { Queryable } from '../storage/queryable.ts';
import type { StaffMember } from '../storage/staff.ts';
import { namePractitioner } from '../storage/staff.ts';
import { uuidV7 } from '../storage/uuid.ts';
import type { VersionWrite } from '../storage/write-batch.ts';
import type { OrganizationsRoom } from './organizations-room.ts';

/** Inside the caller's transaction; gives back the version to write where there was none yet. */
export async function practitionerOf(
  client: Queryable,
  room: Pick<OrganizationsRoom, 'now' | 'randomBytes'>,
  member: StaffMember,
  licence: { number: string; authority: string; until: string },
  by: { who: StatementWho; basis: string },
): Promise<VersionWrite[]> {
  const resourceId = uuidV7(room.now(), room.randomBytes);
  const named = await namePractitioner(client, member.accountId, resourceId);
  if (named !== resourceId) return [];
  const name = displayName(member.name) ?? '';
  return [
    prepareVersion(
      {
        ...by,
        patientId: '',
        resourceType: 'Practitioner',
        resourceId,
        version: 1,
        author: 'organization',
        resource: {
          resourceType: 'Practitioner',
          active: true,
          ...(name === '' ? {} : { name: [{ text: name }] }),
          qualification: [
            {
              identifier: [{ value: licence.number }],
              code: { text: member.role === 'nurse' ? 'Nurse' : 'Doctor' },
              period: { end: licence.until },
              issuer: { display: licence.authority },
            },
          ],
        },
      },
      room,
    ),
  ];
}
