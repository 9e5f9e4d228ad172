// The handlers of this room, by what they do; `server/app.ts` gives them their addresses.
import { postCustodyDispute, withdrawDispute } from './custody-disputes.ts';
import type { Claims } from '../http/claims.ts';
import type { Queryable } from '../storage/queryable.ts';
import { postClaim } from './claim.ts';
import { postDependant } from './dependants.ts';
import { agreeToExport, deleteGuardian, getGuardians, putGuardian, refuseAgreement } from './guardians.ts';
import type { GuardiansRoom } from './guardians-room.ts';
import { acceptInvite, cancelInvite, declineInvite, getInvite, getInvites, postInvite } from './invites.ts';

export const guardianHandlers = (room: GuardiansRoom, claims: Claims<Queryable>) => ({
  list: getGuardians(room),
  change: putGuardian(room),
  end: deleteGuardian(room),
  invites: getInvites(room),
  invite: postInvite(room),
  invitation: getInvite(room),
  cancel: cancelInvite(room),
  accept: acceptInvite(room),
  decline: declineInvite(room),
  refuse: refuseAgreement(room),
  agreeToExport: agreeToExport(room),
  addDependant: postDependant(room),
  claim: postClaim(room, claims),
  raiseDispute: postCustodyDispute(room),
  withdrawDispute: withdrawDispute(room),
});
