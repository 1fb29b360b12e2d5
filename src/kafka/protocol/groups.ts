import { defineApi } from './api.ts';

/*
 * What members of a group ask its coordinator, with static members (KIP-345): Apache Kafka 2.3 and later.
 */

/** Who asks. */
interface AsMember {
  readonly groupId: string;
  /** Empty of one that is new. */
  readonly memberId: string;
  /** `group.instance.id`. */
  readonly instanceId: string | null;
}

interface AsMemberOfGeneration extends AsMember {
  readonly generation: number;
}

export interface JoinGroupRequest extends AsMember {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  /** All members of a group are of one type, */
  readonly protocolType: string;
  /** and know at least one protocol that all know. */
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[];
}

export interface JoinGroupResponse {
  readonly errorCode: number;
  readonly generation: number;
  readonly leader: string;
  readonly memberId: string;
  /** For the leader; empty for the others. */
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly metadata: Buffer;
  }[];
}

/**
 * Answered once all members have joined.
 *
 * ```
 * JoinGroup Request (Version: 5) => group_id session_timeout_ms rebalance_timeout_ms member_id group_instance_id
 *     protocol_type [protocols]
 *   group_id => STRING
 *   session_timeout_ms => INT32
 *   rebalance_timeout_ms => INT32
 *   member_id => STRING
 *   group_instance_id => NULLABLE_STRING
 *   protocol_type => STRING
 *   protocols => name metadata
 *     name => STRING
 *     metadata => BYTES
 *
 * JoinGroup Response (Version: 5) => throttle_time_ms error_code generation_id protocol_name leader member_id [members]
 *   throttle_time_ms => INT32
 *   error_code => INT16
 *   generation_id => INT32
 *   protocol_name => STRING
 *   leader => STRING
 *   member_id => STRING
 *   members => member_id group_instance_id metadata
 *     member_id => STRING
 *     group_instance_id => NULLABLE_STRING
 *     metadata => BYTES
 * ```
 */
export const JOIN_GROUP = defineApi<JoinGroupRequest, JoinGroupResponse>({
  name: 'JoinGroup',
  key: 11,
  version: 5,
  write: (writer, request) => {
    writer.string(request.groupId).int32(request.sessionTimeoutMs).int32(request.rebalanceTimeoutMs);
    writer.string(request.memberId).string(request.instanceId).string(request.protocolType);
    writer.array(request.protocols, (w, { name, metadata }) => w.string(name).bytes(metadata));
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    const errorCode = reader.int16();
    const generation = reader.int32();
    reader.nullableString(); // protocol_name
    const leader = reader.string();
    const memberId = reader.string();
    const members = reader.array((r) => ({
      memberId: r.string(),
      instanceId: r.nullableString(),
      metadata: r.bytes(),
    }));
    return { errorCode, generation, leader, memberId, members };
  },
});

export interface SyncGroupRequest extends AsMemberOfGeneration {
  /** Of all, from the leader; empty from the others. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[];
}

/**
 * Answered once the leader has sent the assignments.
 *
 * ```
 * SyncGroup Request (Version: 3) => group_id generation_id member_id group_instance_id [assignments]
 *   group_id => STRING
 *   generation_id => INT32
 *   member_id => STRING
 *   group_instance_id => NULLABLE_STRING
 *   assignments => member_id assignment
 *     member_id => STRING
 *     assignment => BYTES
 *
 * SyncGroup Response (Version: 3) => throttle_time_ms error_code assignment
 *   throttle_time_ms => INT32
 *   error_code => INT16
 *   assignment => BYTES
 * ```
 */
export const SYNC_GROUP = defineApi<
  SyncGroupRequest,
  { readonly errorCode: number; readonly assignment: Buffer }
>({
  name: 'SyncGroup',
  key: 14,
  version: 3,
  write: (writer, request) => {
    writer.string(request.groupId).int32(request.generation).string(request.memberId);
    writer.string(request.instanceId);
    writer.array(request.assignments, (w, { memberId, assignment }) => w.string(memberId).bytes(assignment));
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return { errorCode: reader.int16(), assignment: reader.bytes() };
  },
});

/**
 * ```
 * Heartbeat Request (Version: 3) => group_id generation_id member_id group_instance_id
 *   group_id => STRING
 *   generation_id => INT32
 *   member_id => STRING
 *   group_instance_id => NULLABLE_STRING
 *
 * Heartbeat Response (Version: 3) => throttle_time_ms error_code
 *   throttle_time_ms => INT32
 *   error_code => INT16
 * ```
 */
export const HEARTBEAT = defineApi<AsMemberOfGeneration, { readonly errorCode: number }>({
  name: 'Heartbeat',
  key: 12,
  version: 3,
  write: (writer, { groupId, generation, memberId, instanceId }) => {
    writer.string(groupId).int32(generation).string(memberId).string(instanceId);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return { errorCode: reader.int16() };
  },
});

/**
 * Of one member: of itself, or of another one by its `group.instance.id` alone, with an empty member id.
 *
 * ```
 * LeaveGroup Request (Version: 3) => group_id [members]
 *   group_id => STRING
 *   members => member_id group_instance_id
 *     member_id => STRING
 *     group_instance_id => NULLABLE_STRING
 *
 * LeaveGroup Response (Version: 3) => throttle_time_ms error_code [members]
 *   throttle_time_ms => INT32
 *   error_code => INT16
 *   members => member_id group_instance_id error_code
 *     member_id => STRING
 *     group_instance_id => NULLABLE_STRING
 *     error_code => INT16
 * ```
 */
export const LEAVE_GROUP = defineApi<AsMember, { readonly errorCode: number }>({
  name: 'LeaveGroup',
  key: 13,
  version: 3,
  write: (writer, { groupId, ...member }) => {
    writer.string(groupId).array([member], (w, one) => w.string(one.memberId).string(one.instanceId));
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    const errorCode = reader.int16();
    const members = reader.array((r) => {
      r.string(); // member_id
      r.nullableString(); // group_instance_id
      return r.int16();
    });
    return { errorCode: errorCode === 0 ? (members[0] ?? 0) : errorCode };
  },
});

/** A group as its coordinator knows it. */
export interface DescribedGroup {
  readonly errorCode: number;
  /** Kafka's name of it: `Stable`, `PreparingRebalance`, `CompletingRebalance`, `Empty`, `Dead`. */
  readonly state: string;
  /** Empty where the group has none yet. */
  readonly protocolType: string;
  /** The name of the protocol that was chosen; empty unless the group is stable. */
  readonly protocol: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly clientId: string;
    /** Its address, as the broker sees it: `/10.0.0.7`. */
    readonly clientHost: string;
    /** Empty unless the group is stable. */
    readonly metadata: Buffer;
    /** The last one; empty of a member that has none yet. */
    readonly assignment: Buffer;
  }[];
}

/**
 * Of one group.
 *
 * ```
 * DescribeGroups Request (Version: 4) => [groups] include_authorized_operations
 *   groups => STRING
 *   include_authorized_operations => BOOLEAN
 *
 * DescribeGroups Response (Version: 4) => throttle_time_ms [groups]
 *   throttle_time_ms => INT32
 *   groups => error_code group_id group_state protocol_type protocol_data [members] authorized_operations
 *     error_code => INT16
 *     group_id => STRING
 *     group_state => STRING
 *     protocol_type => STRING
 *     protocol_data => STRING
 *     members => member_id group_instance_id client_id client_host member_metadata member_assignment
 *       member_id => STRING
 *       group_instance_id => NULLABLE_STRING
 *       client_id => STRING
 *       client_host => STRING
 *       member_metadata => BYTES
 *       member_assignment => BYTES
 *     authorized_operations => INT32
 * ```
 */
export const DESCRIBE_GROUPS = defineApi<{ readonly groupId: string }, readonly DescribedGroup[]>({
  name: 'DescribeGroups',
  key: 15,
  version: 4,
  write: (writer, { groupId }) => {
    writer.array([groupId], (w, id) => w.string(id)).boolean(false);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return reader.array((r) => {
      const errorCode = r.int16();
      r.string(); // group_id
      const state = r.string();
      const protocolType = r.string();
      const protocol = r.string();
      const members = r.array((m) => ({
        memberId: m.string(),
        instanceId: m.nullableString(),
        clientId: m.string(),
        clientHost: m.string(),
        metadata: m.bytes(),
        assignment: m.bytes(),
      }));
      r.int32(); // authorized_operations
      return { errorCode, state, protocolType, protocol, members };
    });
  },
});
