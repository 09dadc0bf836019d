import { crc32, deflateRawSync } from 'node:zlib';

export interface Member {
  name: string;
  bytes: Buffer;
  /** Kept as it is: pictures do not shrink. */
  stored?: boolean;
}

/** A zip as office programs write it; layout from PKWARE's APPNOTE 4.3. */
export const zip = (members: Member[]): Buffer => {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, stored } of members) {
    const data = stored ? bytes : deflateRawSync(bytes);
    const path = Buffer.from(name);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(stored ? 0 : 8, 4);
    about.writeUInt32LE(crc32(bytes), 10);
    about.writeUInt32LE(data.length, 14);
    about.writeUInt32LE(bytes.length, 18);
    about.writeUInt16LE(path.length, 22);
    locals.push(Buffer.from('PK\x03\x04'), about, path, data);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    centrals.push(Buffer.from('PK\x01\x02\x14\0'), about, place, path);
    offset += 30 + path.length + data.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
};
