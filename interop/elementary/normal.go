package elementary

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"
)

// The NAL unit types that the normal form knows.
const (
	nalIDR    = 5
	nalSPS    = 7
	nalPPS    = 8
	nalSPSExt = 13
)

// hash cuts the stream's bytes into its packets and hashes their normal form.
func (s *Stream) hash(data []byte) error {
	for i := range s.Frames {
		f := &s.Frames[i]
		if f.size > len(data) {
			return fmt.Errorf("ffmpeg gave less than the %d packets that ffprobe sees: it ends in packet %d", len(s.Frames), i)
		}
		packet := data[:f.size]
		data = data[f.size:]
		if err := s.normalise(f, packet); err != nil {
			return fmt.Errorf("packet %d: %w", i, err)
		}
	}
	if len(data) > 0 {
		return fmt.Errorf("ffmpeg gave %d bytes more than the packets that ffprobe sees", len(data))
	}
	return nil
}

func (s *Stream) normalise(f *Frame, packet []byte) error {
	switch s.Codec {
	case "h264":
		nals, err := units(packet, s.nalLengthSize)
		if err != nil {
			return err
		}
		sum := sha256.New()
		for _, nal := range nals {
			switch nal[0] & 0x1f {
			case nalSPS, nalPPS, nalSPSExt:
				continue // FLV has them in the sequence header
			case nalIDR:
				f.IDR = true
			}
			sum.Write(binary.BigEndian.AppendUint32(nil, uint32(len(nal))))
			sum.Write(nal)
		}
		sum.Sum(f.Sum[:0])
	case "aac":
		f.Sum = sha256.Sum256(withoutADTS(packet))
	default:
		return fmt.Errorf("codec %s has no normal form", s.Codec)
	}
	return nil
}

// units cuts an access unit into NAL units, none of them empty.
func units(packet []byte, lengthSize int) ([][]byte, error) {
	if lengthSize == 0 {
		return annexB(packet), nil
	}
	var nals [][]byte
	for len(packet) > 0 {
		if len(packet) < lengthSize {
			return nil, fmt.Errorf("%d stray bytes", len(packet))
		}
		n := 0
		for _, b := range packet[:lengthSize] {
			n = n<<8 | int(b)
		}
		packet = packet[lengthSize:]
		if n == 0 || n > len(packet) {
			return nil, fmt.Errorf("NAL unit of %d bytes, %d are left", n, len(packet))
		}
		nals = append(nals, packet[:n])
		packet = packet[n:]
	}
	return nals, nil
}

func annexB(packet []byte) [][]byte {
	nals := bytes.Split(packet, []byte{0, 0, 1})[1:]
	for i, nal := range nals {
		nals[i] = bytes.TrimRight(nal, "\x00")
	}
	return slices.DeleteFunc(nals, func(nal []byte) bool { return len(nal) == 0 })
}

// withoutADTS takes the header off an ADTS frame; a raw AAC frame cannot look
// like one with a length that fits.
func withoutADTS(packet []byte) []byte {
	if len(packet) < 7 || packet[0] != 0xff || packet[1]&0xf6 != 0xf0 {
		return packet
	}
	length := int(packet[3]&3)<<11 | int(packet[4])<<3 | int(packet[5])>>5
	if length != len(packet) {
		return packet
	}
	if packet[1]&1 == 0 {
		return packet[9:]
	}
	return packet[7:]
}
