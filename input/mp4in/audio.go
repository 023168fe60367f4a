package mp4in

import (
	"bytes"
	"fmt"
	"math"

	"github.com/abema/go-mp4"

	"rtmpwriter/media"
	"rtmpwriter/media/aac"
)

// audio reads an audio sample entry (14496-12, 12.2.3; QuickTime's sound
// sample descriptions of version 0, 1 and 2). stsdVersion tells the two apart:
// ISO's own version 1 entry stands in an stsd of version 1.
func (f *file) audio(entry box, stsdVersion uint8, d *description) error {
	code := entry.typ.String()
	if code == "enca" {
		return f.encrypted(entry, audioEntrySize, d)
	}
	if code != "mp4a" {
		d.problem = "not AAC"
		return nil
	}
	const longestEntry = audioEntrySize + 36 // QuickTime version 2
	var a mp4.AudioSampleEntry
	a.SetType(mp4.BoxTypeMp4a())
	ctx := mp4.Context{IsQuickTimeCompatible: stsdVersion == 0}
	n, err := f.decodeHead(entry, longestEntry, &a, ctx)
	if err != nil {
		return err
	}
	children, err := f.children(box{entry.typ, entry.at, entry.body + n, entry.end})
	if err != nil {
		return err
	}
	if wave, ok := children[mp4.BoxTypeWave()]; ok { // QuickTime
		if children, err = f.children(wave); err != nil {
			return err
		}
	}
	b, ok := children[mp4.BoxTypeEsds()]
	if !ok {
		d.problem = "no decoder configuration (esds)"
		return nil
	}
	d.track = media.Track{
		Codec: media.CodecAAC, Framing: media.FramingRaw,
		SampleRate: int(a.SampleRate >> 16), Channels: int(a.ChannelCount), Bitrate: f.bitrate(children),
	}
	return f.streamDescriptor(b, d)
}

// Object type indications of AAC in an esds (mp4ra.org): MPEG-4, and MPEG-2
// with its profiles Main, LC and SSR.
const (
	objectAAC      = 0x40
	objectAAC2Main = 0x66
	objectAAC2SSR  = 0x68
)

// otherObjects names what else an mp4a entry may hold.
var otherObjects = map[byte]string{
	0x69: "MP3", 0x6b: "MP3", 0xa5: "AC-3", 0xa6: "E-AC-3", 0xa9: "DTS", 0xdd: "Vorbis", 0xe1: "QCELP",
}

// streamDescriptor takes the AudioSpecificConfig out of an esds (14496-14, 5.6;
// 14496-1, 7.2.6).
func (f *file) streamDescriptor(b box, d *description) error {
	p, err := f.payload(b)
	if err != nil {
		return err
	}
	const head = 4 // version and flags
	for rest := p[min(head, len(p)):]; len(rest) > 0; {
		var one descriptor
		var ok bool
		if one, rest, ok = nextDescriptor(rest); !ok {
			return damaged(b.at, "a descriptor in the box \"esds\" is cut short")
		}
		switch {
		case one.tag == tagDecoderConfig:
			if o := one.body[0]; o != objectAAC && (o < objectAAC2Main || o > objectAAC2SSR) {
				name, known := otherObjects[o]
				if !known {
					name = fmt.Sprintf("object type %#x", o)
				}
				d.name, d.problem = name+" (mp4a)", "not AAC"
				return nil
			}
			if rate := one.avgRate(); rate != 0 {
				d.track.Bitrate = int(min(rate, math.MaxInt32))
			}
		case one.tag == tagSpecificInfo && d.track.Config == nil:
			d.track.Config = bytes.Clone(one.body)
		}
	}
	if len(d.track.Config) < 2 {
		d.problem = "no decoder configuration (AudioSpecificConfig)"
		return nil
	}
	d.audioHints()
	return nil
}

// audioHints prefers what the AudioSpecificConfig says to the sample entry,
// whose rate has 16 bits and whose channel count is often just 2.
func (d *description) audioHints() {
	c, err := aac.ParseConfig(d.track.Config)
	if err != nil {
		return // a kind of AAC that the parser does not know
	}
	d.track.SampleRate = c.OutputRate
	switch {
	case c.PS:
		d.track.Channels = 2 // made of one
	case c.Channels != 0:
		d.track.Channels = c.Channels
	}
}
