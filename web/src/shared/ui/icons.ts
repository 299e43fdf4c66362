/** The icons in use, by name; the rest of Aksel's set stays out of the bundle. */
export {
  ArchiveFillIcon, ArchiveIcon, ArrowDownIcon, ArrowLeftIcon, ArrowsCirclepathIcon, ArrowUndoIcon, Chat2Icon,
  ChatElipsisIcon, CheckmarkIcon, ClockDashedIcon, CogIcon, DoorOpenIcon, DownloadIcon, EnvelopeClosedIcon, ExclamationmarkTriangleIcon,
  EyeIcon, EyeObfuscatedIcon, EyeSlashIcon, FaceSmileIcon, FileIcon, FileImageIcon, FileImportIcon, FilePdfIcon, FilesIcon,
  FileTextIcon, FolderFillIcon, FolderIcon, FolderPlusIcon, GlobeIcon, GlobeSlashIcon, HandshakeIcon, InboxDownIcon, InboxUpIcon, InformationSquareIcon, LinkIcon,
  MagnifyingGlassIcon, MenuElipsisHorizontalIcon, MinusCircleIcon, NotePencilDashIcon, PadlockLockedIcon,
  PaperclipIcon, PaperplaneFillIcon, PaperplaneIcon, PencilIcon, PersonChatIcon, PersonIcon, PersonPlusIcon,
  PersonGroupFillIcon, PersonGroupIcon, PersonMinusIcon, PhoneIcon, PlusIcon, PrinterSmallIcon, QuestionmarkCircleIcon, SealCheckmarkIcon, SealFillIcon,
  SealIcon, SidebarRightIcon, ThumbUpIcon, TrashIcon, XMarkIcon,
} from '@navikt/aksel-icons';
