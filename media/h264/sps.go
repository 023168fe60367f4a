package h264

import (
	"errors"
	"fmt"

	mch264 "github.com/bluenviron/mediacommon/v2/pkg/codecs/h264"

	"rtmpwriter/media"
)

// Bounds of what a sequence parameter set may claim (7.4.2.1.1). The picture
// size is bounded beyond level 6.2, for encoders that exceed their level, but
// tightly enough to refuse garbage.
const (
	maxSPSID         = 31
	maxLog2Minus4    = 12
	maxSizeInMBs     = 2048 // each side: 32768 pixels
	maxMaxRefFrames  = 16
	maxChromaFormat  = 3
	maxBitDepthMinus = 6
)

// SPS holds the facts of a sequence parameter set (7.3.2.1).
type SPS struct {
	ID uint8 // 0 to 31
	// ProfileIDC, Constraints and LevelIDC are the three bytes behind the NAL
	// unit header, as an AVCDecoderConfigurationRecord repeats them.
	ProfileIDC, Constraints, LevelIDC uint8
	// Width and Height are in luma samples, cropped.
	Width, Height int
	// Interlaced tells that pictures may be coded as fields.
	Interlaced bool
	// UnitsInTick and TimeScale are the VUI's timing (E.2.1); 0 when absent.
	UnitsInTick, TimeScale uint32

	chromaArrayType uint32
	separatePlanes  bool
	frameNumBits    uint
	pocType         uint32
	pocLSBBits      uint
	deltaAlwaysZero bool
	offsetNonRef    int32
	offsetTopBottom int32
	offsets         []int32
	frameSizeInMBs  int
	reorder         int // max_num_reorder_frames, -1 when not told
}

// ParseSPS reads a sequence parameter set, NAL unit header included. A VUI
// that is cut short is taken for absent, as decoders do.
func ParseSPS(nal []byte) (*SPS, error) {
	if media.NALType(nal) != media.NALSPS {
		return nil, fmt.Errorf("SPS: NAL unit type %d, want 7", media.NALType(nal))
	}
	var raw mch264.SPS
	if err := raw.Unmarshal(nal); err != nil {
		if raw.VUI == nil {
			return nil, fmt.Errorf("SPS: %w", err)
		}
		raw.VUI = nil
	}
	if err := checkSPS(&raw); err != nil {
		return nil, fmt.Errorf("SPS: %w", err)
	}
	s := &SPS{
		ID:         uint8(raw.ID),
		ProfileIDC: nal[1], Constraints: nal[2], LevelIDC: nal[3],
		Interlaced:      !raw.FrameMbsOnlyFlag,
		separatePlanes:  raw.SeparateColourPlaneFlag,
		frameNumBits:    uint(raw.Log2MaxFrameNumMinus4) + 4,
		pocType:         raw.PicOrderCntType,
		pocLSBBits:      uint(raw.Log2MaxPicOrderCntLsbMinus4) + 4,
		deltaAlwaysZero: raw.DeltaPicOrderAlwaysZeroFlag,
		offsetNonRef:    raw.OffsetForNonRefPic,
		offsetTopBottom: raw.OffsetForTopToBottomField,
		offsets:         raw.OffsetForRefFrames,
		reorder:         -1,
	}
	if !s.separatePlanes {
		s.chromaArrayType = raw.ChromaFormatIdc
	}
	if v := raw.VUI; v != nil {
		if v.TimingInfo != nil {
			s.UnitsInTick, s.TimeScale = v.TimingInfo.NumUnitsInTick, v.TimingInfo.TimeScale
		}
		if r := v.BitstreamRestriction; r != nil && r.MaxNumReorderFrames <= maxMaxRefFrames {
			s.reorder = int(r.MaxNumReorderFrames)
		}
	}
	return s, s.setSize(&raw)
}

func checkSPS(s *mch264.SPS) error {
	switch {
	case s.ID > maxSPSID:
		return fmt.Errorf("id %d is above %d", s.ID, maxSPSID)
	case s.ChromaFormatIdc > maxChromaFormat:
		return fmt.Errorf("chroma format %d", s.ChromaFormatIdc)
	case s.BitDepthLumaMinus8 > maxBitDepthMinus || s.BitDepthChromaMinus8 > maxBitDepthMinus:
		return errors.New("bit depth above 14")
	case s.Log2MaxFrameNumMinus4 > maxLog2Minus4 || s.Log2MaxPicOrderCntLsbMinus4 > maxLog2Minus4:
		return errors.New("frame number or picture order count of more than 16 bits")
	case s.MaxNumRefFrames > maxMaxRefFrames:
		return fmt.Errorf("%d reference frames", s.MaxNumRefFrames)
	case s.PicWidthInMbsMinus1 >= maxSizeInMBs || s.PicHeightInMapUnitsMinus1 >= maxSizeInMBs:
		return errors.New("picture too large")
	}
	return nil
}

// setSize computes the cropped picture size (equations 7-13 to 7-22).
func (s *SPS) setSize(raw *mch264.SPS) error {
	wide := int(raw.PicWidthInMbsMinus1) + 1
	high := int(raw.PicHeightInMapUnitsMinus1) + 1
	unitX, unitY := uint64(1), uint64(1)
	if s.chromaArrayType == 1 || s.chromaArrayType == 2 {
		unitX = 2
	}
	if s.chromaArrayType == 1 {
		unitY = 2
	}
	if s.Interlaced {
		high *= 2
		unitY *= 2
	}
	s.frameSizeInMBs = wide * high
	s.Width, s.Height = wide*16, high*16
	if c := raw.FrameCropping; c != nil {
		x := unitX * (uint64(c.LeftOffset) + uint64(c.RightOffset))
		y := unitY * (uint64(c.TopOffset) + uint64(c.BottomOffset))
		if x >= uint64(s.Width) || y >= uint64(s.Height) {
			return errors.New("SPS: the cropping leaves no picture")
		}
		s.Width -= int(x)
		s.Height -= int(y)
	}
	return nil
}

// FrameRate is the frame rate that the VUI tells, in frames a second; 0 when it
// tells none. A frame lasts two ticks, coded as fields or not (E.2.1).
func (s *SPS) FrameRate() float64 {
	if s.UnitsInTick == 0 {
		return 0
	}
	return float64(s.TimeScale) / (2 * float64(s.UnitsInTick))
}
