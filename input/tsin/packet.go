package tsin

// maxPID is the number of packet identifiers; the last is that of null packets.
const (
	maxPID  = 1 << 13
	nullPID = maxPID - 1
)

// packet is the header of a transport packet (2.4.3.2) and its payload.
type packet struct {
	pid           uint16
	start         bool // payload_unit_start_indicator
	failed        bool // transport_error_indicator, or nonsense
	scrambled     bool
	discontinuity bool // discontinuity_indicator of the adaptation field
	padded        bool // stuffing before the payload: the end of a PES packet
	counter       uint8
	payload       []byte // empty when there is none
}

// parsePacket reads the 188 bytes of a packet. The payload aliases them.
func parsePacket(b []byte) packet {
	p := packet{
		pid:       uint16(b[1]&0x1f)<<8 | uint16(b[2]),
		start:     b[1]&0x40 != 0,
		failed:    b[1]&0x80 != 0,
		scrambled: b[3]&0xc0 != 0,
		counter:   b[3] & 0xf,
	}
	rest := b[4:]
	if b[3]&0x20 != 0 { // adaptation field (2.4.3.4)
		size := int(rest[0])
		if size >= len(rest) {
			p.failed = true
			return p
		}
		p.readAdaptation(rest[1 : 1+size])
		rest = rest[1+size:]
	}
	if b[3]&0x10 != 0 {
		p.payload = rest
	}
	return p
}

// readAdaptation reads the flags of an adaptation field, and whether it is
// longer than its fields need. Those with private data are not looked into.
func (p *packet) readAdaptation(b []byte) {
	if len(b) == 0 {
		p.padded = true
		return
	}
	flags := b[0]
	p.discontinuity = flags&0x80 != 0
	fields := 1 + 6*int(flags>>4&1) + 6*int(flags>>3&1) + int(flags>>2&1) // PCR, OPCR, splice countdown
	p.padded = flags&3 == 0 && len(b) > fields
}
