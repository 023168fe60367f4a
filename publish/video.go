package publish

import (
	"bytes"
	"errors"
	"slices"

	"rtmpwriter/flv"
	"rtmpwriter/media"
	"rtmpwriter/media/h264"
)

// cutVideo cuts an access unit into NAL units, notes parameter sets, and makes
// the payload of 4-byte lengths and units. Nothing is left out: SEI, access
// unit delimiters and parameter sets stay where they are.
func (t *track) cutVideo(f *frame, p *media.Packet) (err error) {
	if t.info.Framing == media.FramingAnnexB {
		f.nals = media.AppendAnnexB(f.nals[:0], p.Data)
	} else {
		f.nals, err = media.AppendLengthPrefixed(f.nals[:0], p.Data, t.info.NALLengthSize)
	}
	if err == nil && len(f.nals) == 0 {
		err = errors.New("no NAL unit in it: the track's framing is " + t.info.Framing.String())
	}
	if err != nil {
		return err
	}
	f.keyframe = p.Keyframe || slices.ContainsFunc(f.nals, isRandomAccess)
	f.disposable = !f.keyframe && !slices.ContainsFunc(f.nals, isReference)
	if t.note(f.nals) {
		t.rebuildAVC()
	}
	if t.info.Framing == media.FramingLengthPrefixed && t.info.NALLengthSize == 4 {
		f.add(p.Data)
	} else {
		f.addNALs()
	}
	return nil
}

// note takes over the parameter sets among nals and tells whether any is new.
// In the steady state it compares and allocates nothing. A set that cannot be
// read stays in the frame, but is not announced.
func (t *track) note(nals [][]byte) (changed bool) {
	for _, nal := range nals {
		fresh, err := t.h264.Params.Observe(nal)
		changed = changed || fresh && err == nil
	}
	return changed
}

// rebuildAVC makes a new configuration of the parameter sets in force, once
// there are both kinds. One that cannot be announced leaves the old in force.
func (t *track) rebuildAVC() {
	sps, pps := t.h264.Params.Raw(nil, nil)
	if len(sps) == 0 || len(pps) == 0 {
		return
	}
	avc, err := flv.NewAVCDecoderConfig(sps, pps)
	if err != nil {
		return
	}
	if record, err := avc.Append(nil); err == nil {
		t.config.Store(t.videoConfig(record))
	}
}

// setAVC takes over an AVCDecoderConfigurationRecord, bit for bit but for the
// length size: messages always carry 4-byte lengths.
func (t *track) setAVC(record []byte) error {
	avc, err := flv.ParseAVCDecoderConfig(record)
	if err != nil {
		return err
	}
	t.info.NALLengthSize = avc.NALLengthSize
	t.h264.Params = h264.Params{}
	t.note(avc.SPS)
	t.note(avc.PPS)
	if len(avc.SPS) == 0 {
		return nil // avc3: the stream brings them
	}
	record = bytes.Clone(record)
	record[4] |= 3
	if old := t.config.Load(); old == nil || !bytes.Equal(old.record, record) {
		t.config.Store(t.videoConfig(record))
	}
	return nil
}

// videoConfig tells what the sequence parameter set in force says of the
// picture; the track's hints fill in what it does not.
func (t *track) videoConfig(record []byte) *trackConfig {
	c := &trackConfig{
		codec: media.CodecH264, record: record,
		width: t.info.Width, height: t.info.Height, frameRate: t.info.FrameRate, bitrate: t.info.Bitrate,
	}
	if sps := t.h264.Params.First(); sps != nil {
		c.width, c.height = sps.Width, sps.Height
		if c.frameRate == 0 {
			c.frameRate = sps.FrameRate()
		}
	}
	return c
}

// isRandomAccess tells whether decoding can begin at a picture with this NAL
// unit: an IDR slice, or the recovery point message of open GOPs.
func isRandomAccess(nal []byte) bool {
	switch media.NALType(nal) {
	case media.NALIDR:
		return true
	case media.NALSEI:
		return h264.HasRecoveryPoint(nal)
	}
	return false
}

// isReference tells a slice that other pictures may refer to (H.264, 7.4.1:
// nal_ref_idc).
func isReference(nal []byte) bool {
	t := media.NALType(nal)
	return t >= 1 && t <= 5 && nal[0]&0x60 != 0
}
