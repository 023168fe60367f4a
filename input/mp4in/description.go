package mp4in

import (
	"encoding/binary"
	"math"

	"github.com/abema/go-mp4"

	"rtmpwriter/media"
)

// Problems that conversion alone does not solve.
const (
	problemEncrypted = "it is encrypted"
	problemExternal  = "its media are in another file"
)

// description is one entry of stsd: how the samples that refer to it are coded.
type description struct {
	// problem says why the writer cannot publish it, empty when it can.
	problem string
	// name is the codec's, with the four-character code of the entry.
	name  string
	track media.Track
}

// descriptions reads stsd (14496-12, 8.5.2). handler is the track's, "vide" or
// "soun".
func (f *file) descriptions(stsd box, handler string) ([]description, error) {
	var head mp4.Stsd
	if stsd.size() < 8 {
		return nil, damaged(stsd.at, "the box \"stsd\" has %d bytes", stsd.size())
	}
	n, err := f.decode(box{stsd.typ, stsd.at, stsd.body, stsd.body + 8}, &head, mp4.Context{})
	if err != nil {
		return nil, err
	}
	var all []description
	err = f.each(stsd.body+n, stsd, func(entry box) error {
		if len(all) == maxDescriptions {
			return damaged(entry.at, "more than %d sample descriptions", maxDescriptions)
		}
		d := description{name: codecName(entry.typ.String())}
		var err error
		switch {
		case handler == "vide":
			err = f.video(entry, &d)
		case handler == "soun":
			err = f.audio(entry, head.GetVersion(), &d)
		default:
			d.problem = "neither video nor audio"
		}
		all = append(all, d)
		return err
	})
	return all, err
}

// video reads a visual sample entry (8.5.2, 14496-15 5.4.2).
func (f *file) video(entry box, d *description) error {
	code := entry.typ.String()
	if code == "encv" {
		return f.encrypted(entry, visualEntrySize, d)
	}
	if code != "avc1" && code != "avc3" {
		d.problem = "not H.264"
		return nil
	}
	// avc3 has the fields of avc1, and the library knows avc1 alone.
	var v mp4.VisualSampleEntry
	v.SetType(mp4.BoxTypeAvc1())
	n, err := f.decodeHead(entry, visualEntrySize, &v, mp4.Context{})
	if err != nil {
		return err
	}
	children, err := f.children(box{entry.typ, entry.at, entry.body + n, entry.end})
	if err != nil {
		return err
	}
	b, ok := children[mp4.BoxTypeAvcC()]
	if !ok {
		d.problem = "no decoder configuration (avcC)"
		return nil
	}
	d.track = media.Track{
		Codec: media.CodecH264, Framing: media.FramingLengthPrefixed,
		Width: int(v.Width), Height: int(v.Height), Bitrate: f.bitrate(children),
	}
	return f.avcConfig(b, d)
}

// avcConfig takes the decoder configuration record bit for bit.
func (f *file) avcConfig(b box, d *description) error {
	var c mp4.AVCDecoderConfiguration
	c.SetType(mp4.BoxTypeAvcC())
	if _, err := f.decode(b, &c, mp4.Context{}); err != nil {
		return err
	}
	d.track.NALLengthSize = int(c.LengthSizeMinusOne) + 1
	if len(c.SequenceParameterSets) == 0 || len(c.PictureParameterSets) == 0 {
		return nil // avc3: the parameter sets are in the samples
	}
	var err error
	d.track.Config, err = f.payload(b)
	return err
}

// The fixed parts of sample entries, in bytes.
const (
	visualEntrySize = 78
	audioEntrySize  = 28
)

// decodeHead decodes the fixed part of a sample entry, at most size bytes.
func (f *file) decodeHead(entry box, size int64, dst mp4.IBox, ctx mp4.Context) (int64, error) {
	return f.decode(box{entry.typ, entry.at, entry.body, min(entry.body+size, entry.end)}, dst, ctx)
}

// encrypted names what is encrypted in an entry whose fixed part has size bytes
// (sinf with frma, 8.12).
func (f *file) encrypted(entry box, size int64, d *description) error {
	d.problem = problemEncrypted
	children, err := f.children(box{entry.typ, entry.at, entry.body + size, entry.end})
	if err != nil {
		return err
	}
	inner, err := f.children(children[mp4.BoxTypeSinf()])
	if err != nil {
		return err
	}
	var frma mp4.Frma
	if b, ok := inner[mp4.BoxTypeFrma()]; ok {
		if _, err := f.decode(b, &frma, mp4.Context{}); err != nil {
			return err
		}
		d.name = codecName(string(frma.DataFormat[:]))
	}
	return nil
}

// bitrate is the average that btrt tells, in bits/s, 0 when it does not.
func (f *file) bitrate(children map[mp4.BoxType]box) int {
	b, ok := children[mp4.BoxTypeBtrt()]
	if !ok {
		return 0
	}
	p, err := f.payload(b)
	if err != nil || len(p) < 12 {
		return 0 // a hint only
	}
	return int(min(binary.BigEndian.Uint32(p[8:]), math.MaxInt32))
}
