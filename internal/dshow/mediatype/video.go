package mediatype

import "rtmpwriter/media"

// defaultLengthSize is the size of NAL unit lengths where nothing tells it.
const defaultLengthSize = 4

func newVideo(t MediaType) *Stream {
	s := &Stream{track: media.Track{Codec: media.CodecH264, Framing: media.FramingAnnexB, PresentationOnly: true}}
	var block videoBlock
	switch t.Format {
	case FormatMPEG2Video, FormatVideoInfo, FormatVideoInfo2:
		block, _ = readVideo(t) // Accept has seen to errors
	}
	record, size := avcRecord(block.extra)
	if block.lengthSize == 0 && size != 3 {
		block.lengthSize = size
	}
	s.nal = nalFraming{told: block.lengthSize, lengths: isAVC1(t.Subtype)}
	if isAVC1(t.Subtype) {
		s.nal.size = defaultLengthSize
		if s.nal.told > 0 {
			s.nal.size = s.nal.told
		}
	}
	s.track.Width, s.track.Height = block.width, block.height
	s.track.FrameRate, s.track.Bitrate = block.frameRate, block.bitrate
	s.track.Config = record
	s.layOut()
	return s
}

// convertVideo copies a sample.
func (s *Stream) convertVideo(dst, sample []byte) (out []byte, changed bool, err error) {
	if isHollow(sample) {
		return dst, false, errNoNAL
	}
	size := s.nal.size
	bare, err := s.nal.read(sample)
	if err != nil {
		return dst, false, err
	}
	if s.nal.size != size {
		s.layOut()
		changed = true
	}
	if s.track.Config != nil && bringsSPS(sample, s.nal.size) {
		s.track.Config = nil
		changed = true
	}
	if bare {
		dst = append(dst, 0, 0, 0, 1)
	}
	return append(dst, sample...), changed, nil
}

// layOut describes how NAL units are laid out by now.
func (s *Stream) layOut() {
	s.track.NALLengthSize = s.nal.size
	if s.nal.size == 0 {
		s.track.Framing = media.FramingAnnexB
		return
	}
	s.track.Framing = media.FramingLengthPrefixed
	s.track.Config = withLengthSize(s.track.Config, s.nal.size)
}
