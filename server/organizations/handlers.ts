// The handlers of this room, by what they do; `server/app.ts` gives them their addresses.
import { getActs } from './acts.ts';
import { deleteMemberInvite, postMemberInvite } from './invites.ts';
import { postLicenceFinding, putLicence, putOwnLicence } from './licences.ts';
import type { OrganizationsRoom } from './organizations-room.ts';
import {
  closeOrganization,
  getOrganization,
  getOrganizations,
  postOrganization,
  putOrganization,
} from './organizations.ts';
import { acceptInvitation, getInvitation, getPlaces, refuseInvitation } from './places.ts';
import { deleteMember, leavePlace, putMember, suspendMember } from './staff.ts';

export const organizationHandlers = (room: OrganizationsRoom) => ({
  list: getOrganizations(room),
  found: postOrganization(room),
  show: getOrganization(room),
  rename: putOrganization(room),
  close: closeOrganization(room, true),
  open: closeOrganization(room, false),
  invite: postMemberInvite(room),
  withdraw: deleteMemberInvite(room),
  changeMember: putMember(room),
  suspend: suspendMember(room, true),
  resume: suspendMember(room, false),
  endMember: deleteMember(room),
  enterLicence: putLicence(room),
  checkLicence: postLicenceFinding(room),
  acts: getActs(room),
  invitation: getInvitation(room),
  accept: acceptInvitation(room),
  refuse: refuseInvitation(room),
  places: getPlaces(room),
  leave: leavePlace(room),
  enterOwnLicence: putOwnLicence(room),
});
